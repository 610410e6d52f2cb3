"""The one class through which the form, ``/predict`` and ``/predict_batch`` predict."""

import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import isnan
from operator import le
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from django.conf import settings

from predictions.arrays import BoolArray, FloatArray
from predictions.risk.derivation import derive, derive_row
from predictions.risk.imputation import impute
from predictions.risk.manifest import Manifest, ModelError
from predictions.risk.model_file import read_model
from predictions.risk.model_source import HUB_PREFIX, fetch
from predictions.risk.prediction import OutOfRange, Prediction, Predictions, describe

if TYPE_CHECKING:
    from predictions.risk.scoring import Estimator

__all__ = ["ModelError", "OutOfRange", "Prediction", "Predictions", "Predictor", "get_predictor"]


class Predictor:
    """Predicts with one model file: unknowns filled, features derived, the estimator asked."""

    def __init__(self, estimator: "Estimator", manifest: Manifest) -> None:
        # Imports scikit-learn, a second that only a process that predicts should pay.
        from predictions.risk.scoring import scorer_of

        self.manifest: Final = manifest
        self.model_version: Final = manifest.model_version
        self._scorer = scorer_of(estimator)
        self._medians = manifest.median_row()
        self._low, self._high = manifest.range_rows()
        self._edges = manifest.band_edges()
        # The same as Python's own numbers, for one person.
        self._lows: list[float] = self._low.tolist()
        self._highs: list[float] = self._high.tolist()
        self._edge_list: list[float] = self._edges.tolist()

    @classmethod
    def load(cls, path: str) -> Self:
        """The model at ``path`` or ``hf://owner/repository/file``. Raises ``ModelError``.

        Nothing is unpickled before its hash matches the manifest's.
        """
        return cls(*read_model(*fetch(path, settings.HF_TOKEN)))

    def predict(self, values: FloatArray) -> Prediction:
        """One person: (14,), NaN where unknown."""
        imputed: list[int] = []
        person: list[float] = values.tolist()
        if any(map(isnan, person)):
            complete, unknown = self._impute(values[np.newaxis])
            imputed, person = np.flatnonzero(unknown[0]).tolist(), complete[0].tolist()
        # 6 µs instead of 38 by way of ``predict_many``: numpy pays for each of 50 operations.
        probability = self._scorer.one(derive_row(person))
        band = bisect_right(self._edge_list, probability)
        return describe(
            self.manifest, probability, band, person, imputed, self._out_of_range(person)
        )

    def predict_many(self, matrix: FloatArray) -> Predictions:
        """Many people: (n, 14), NaN where unknown."""
        complete, unknown = self._impute(matrix)
        probability = self._scorer.many(derive(complete))
        return Predictions(
            probability=probability,
            prediction=(probability >= self.manifest.threshold).astype(np.int64),
            band=np.searchsorted(self._edges, probability, side="right"),
            imputed=unknown,
            out_of_range=(complete < self._low) | (complete > self._high),
            values=complete,
            manifest=self.manifest,
        )

    def _impute(self, matrix: FloatArray) -> tuple[FloatArray, BoolArray]:
        return impute(matrix, self._medians, self.manifest.smokers_cigarettes)

    def _out_of_range(self, person: Sequence[float]) -> Sequence[int]:
        """The columns beyond what the model was trained on: for most people none."""
        if all(map(le, self._lows, person)) and all(map(le, person, self._highs)):
            return ()
        ranges = zip(self._lows, person, self._highs, strict=True)
        return [column for column, (low, x, high) in enumerate(ranges) if not low <= x <= high]


class Loader:
    """Loads each path once, one thread at a time.

    A failure is not kept, so that a file put right is found; but one at ``hf://``, which may
    take half a minute to fail, is repeated for ``patience`` seconds without trying again.
    Whoever comes while another thread loads waits ``wait`` seconds at most.
    """

    def __init__(
        self,
        load: Callable[[str], Predictor] = Predictor.load,
        clock: Callable[[], float] = time.monotonic,
        patience: float = 60,
        wait: float = 5,
    ) -> None:
        self._load, self._clock, self._patience, self._wait = load, clock, patience, wait
        self._lock = threading.Lock()
        self._loaded: dict[str, Predictor] = {}
        self._failed: dict[str, tuple[float, str]] = {}

    def get(self, path: str) -> Predictor:
        """The predictor. Raises ``ModelError`` each time it cannot be loaded."""
        if path in self._loaded:
            return self._loaded[path]
        if not self._lock.acquire(timeout=self._wait):
            raise ModelError("The model is still being loaded.")
        try:
            if path not in self._loaded:
                self._raise_recent_failure(path)
                self._loaded[path] = self._try(path)
            return self._loaded[path]
        finally:
            self._lock.release()

    def _try(self, path: str) -> Predictor:
        try:
            return self._load(path)
        except ModelError as error:
            if path.startswith(HUB_PREFIX):
                self._failed[path] = (self._clock(), str(error))
            raise

    def _raise_recent_failure(self, path: str) -> None:
        when, sentence = self._failed.get(path, (-np.inf, ""))
        if self._clock() - when < self._patience:
            raise ModelError(sentence)


_LOADER: Final = Loader()


def get_predictor() -> Predictor:
    """The predictor of ``settings.MODEL_PATH``, loaded once a process.

    Raises ``ModelError`` each time it cannot be loaded.
    """
    return _LOADER.get(settings.MODEL_PATH)
