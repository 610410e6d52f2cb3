"""The one class through which the form, ``/predict`` and ``/predict_batch`` predict."""

import hashlib
import io
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from django.conf import settings

from predictions.arrays import FloatArray
from predictions.derivation import derive
from predictions.derived import ALL_NAMES
from predictions.imputation import impute
from predictions.manifest import Manifest, ModelError
from predictions.model_source import fetch
from predictions.prediction import OutOfRange, Prediction, Predictions

if TYPE_CHECKING:
    from predictions.scoring import Estimator

__all__ = ["ModelError", "OutOfRange", "Prediction", "Predictions", "Predictor", "get_predictor"]


class Predictor:
    """Predicts with one model file: unknowns filled, features derived, the estimator asked."""

    def __init__(self, estimator: "Estimator", manifest: Manifest) -> None:
        """``estimator`` has ``predict_proba`` on (n, 28)."""
        from predictions.scoring import scorer_of

        self.manifest: Final = manifest
        self.model_version: Final = manifest.model_version
        self._score = scorer_of(estimator)
        self._medians = manifest.median_row()
        self._low, self._high = manifest.range_rows()
        self._edges = manifest.band_edges()

    @classmethod
    def load(cls, path: str) -> Self:
        """The model at ``path`` or ``hf://owner/repository/file``. Raises ``ModelError``.

        Nothing is unpickled before its hash matches the manifest's.
        """
        model, manifest_path = fetch(path, settings.HF_TOKEN)
        content = _read(model, "model")
        manifest = Manifest.parse(_read(manifest_path, "model's manifest"))
        _check_hash(model, content, manifest)
        return cls(_unpickle(content, manifest), manifest)

    def predict(self, values: FloatArray) -> Prediction:
        """One person: (14,), NaN where unknown."""
        return self.predict_many(values[np.newaxis]).row(0)

    def predict_many(self, matrix: FloatArray) -> Predictions:
        """Many people: (n, 14), NaN where unknown."""
        complete, unknown = impute(matrix, self._medians, self.manifest.smokers_cigarettes)
        probability = self._score(derive(complete))
        return Predictions(
            probability=probability,
            prediction=(probability >= self.manifest.threshold).astype(np.int64),
            band=np.searchsorted(self._edges, probability, side="right"),
            imputed=unknown,
            out_of_range=(complete < self._low) | (complete > self._high),
            values=complete,
            manifest=self.manifest,
        )


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise ModelError(f"There is no readable {what} at {path}.") from None


def _check_hash(path: Path, content: bytes, manifest: Manifest) -> None:
    if hashlib.sha256(content).hexdigest() != manifest.sha256:
        raise ModelError(f"The model at {path} is not the one its manifest describes (sha256).")


def _unpickle(content: bytes, manifest: Manifest) -> "Estimator":
    # Imported here: half a second that only a process that predicts should pay.
    import joblib
    import sklearn

    if manifest.scikit_learn != sklearn.__version__:
        raise ModelError(
            f"The model was made with scikit-learn {manifest.scikit_learn}, "
            f"but {sklearn.__version__} is installed."
        )
    estimator: Estimator = joblib.load(io.BytesIO(content))
    if not hasattr(estimator, "predict_proba"):
        raise ModelError("The model has no predict_proba, so it gives no probabilities.")
    _check_features(estimator, manifest)
    return estimator


def _check_features(estimator: object, manifest: Manifest) -> None:
    count = getattr(estimator, "n_features_in_", None)
    if count != len(ALL_NAMES):
        raise ModelError(f"The model takes {count} features, but this site makes {len(ALL_NAMES)}.")
    if manifest.feature_names != ALL_NAMES:
        raise ModelError("The model's features are not the ones this site makes, by their names.")


_LOADING: Final = threading.Lock()


def get_predictor() -> Predictor:
    """The predictor of ``settings.MODEL_PATH``, loaded once a process.

    Raises ``ModelError`` each time it cannot be loaded.
    """
    # lru_cache alone would let two threads load at once.
    with _LOADING:
        return _load(settings.MODEL_PATH)


@lru_cache(maxsize=2)
def _load(path: str) -> Predictor:
    return Predictor.load(path)
