"""The rows of a batch: what its answer and its log say of each."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, overload

import numpy as np

from predictions.api.answers import as_warning
from predictions.features import NAMES
from predictions.risk.prediction import Prediction, Predictions
from predictions.risk.remarks import imputed_by_row, warned_by_row
from predictions.validation.batch import BatchVerdict

Row = dict[str, Any]
_RESULTS: Final = ("NO", "YES")
# Shared by most rows, and never changed: fewer objects, so fewer collections of garbage.
_NONE_IMPUTED: Final[dict[str, float]] = {}
_NO_WARNINGS: Final[list[Any]] = []


@dataclass(frozen=True)
class BatchRows:
    """A judged and predicted batch; ``ids`` has one transaction id a row.

    The loops below are the batch's speed: most rows have nothing imputed and no
    warning, so that the few others are patched in afterwards.
    """

    verdict: BatchVerdict
    predictions: Predictions
    ids: list[str]

    def results(self) -> list[Row]:
        """The answer's rows, in the client's order."""
        rows: list[Row] = [
            {
                "transaction_id": row_id,
                "prediction": prediction,
                "result": _RESULTS[prediction],
                "probability": probability,
                "risk_band": band,
                "imputed": _NONE_IMPUTED,
                "warnings": _NO_WARNINGS,
            }
            for row_id, prediction, probability, band in self._columns()
        ]
        # Patients of a like age share a warning, and a sentence is dear.
        said_once = cache(as_warning)
        for index, filled in self._imputed.items():
            rows[index]["imputed"] = filled
        for index, prediction in self._warned.items():
            rows[index]["warnings"] = [said_once(warning) for warning in prediction.warnings]
        refused = {
            position: {
                "transaction_id": self.ids[position],
                "errors": [refusal.as_error() for refusal in refusals],
            }
            for position, refusals in self.verdict.refusals.items()
        }
        return self._in_order(rows, refused)

    def log_rows(self) -> list[Row]:
        """The log's rows, in the client's order."""
        manifest = self.predictions.manifest
        rows: list[Row] = [
            {
                "transaction_id": row_id,
                "input_data": dict(zip(NAMES, values, strict=True)),
                "result": {
                    "prediction": prediction,
                    "result": _RESULTS[prediction],
                    "probability": probability,
                    "risk_band": band,
                    "threshold": manifest.threshold,
                    "imputed": _NONE_IMPUTED,
                    "warnings": _NO_WARNINGS,
                    "model_version": manifest.model_version,
                },
            }
            for (row_id, prediction, probability, band), values in zip(
                self._columns(), self._known_values(), strict=True
            )
        ]
        for index, filled in self._imputed.items():
            rows[index]["result"]["imputed"] = filled
        for index, prediction in self._warned.items():
            rows[index]["result"] = prediction.log_result()
        refused = {
            position: {
                "transaction_id": self.ids[position],
                "invalid_input": [refusal.as_log() for refusal in refusals],
            }
            for position, refusals in self.verdict.refusals.items()
        }
        return self._in_order(rows, refused)

    def _columns(self) -> Iterator[tuple[str, int, float, str]]:
        """Transaction id, prediction, probability and band of each accepted row."""
        predictions = self.predictions
        keys = [band.key for band in predictions.manifest.bands]
        ids = self.ids
        if self.verdict.refusals:
            ids = [ids[position] for position in self.verdict.positions.tolist()]
        return zip(
            ids,
            predictions.prediction.tolist(),
            predictions.probability.tolist(),
            [keys[band] for band in predictions.band.tolist()],
            strict=True,
        )

    def _known_values(self) -> list[list[float | None]]:
        matrix = self.verdict.matrix
        known: list[list[float | None]] = matrix.tolist()
        for row, column in np.argwhere(np.isnan(matrix)).tolist():
            known[row][column] = None
        return known

    @cached_property
    def _imputed(self) -> dict[int, dict[str, float]]:
        return imputed_by_row(self.predictions)

    @cached_property
    def _warned(self) -> dict[int, Prediction]:
        return warned_by_row(self.predictions)

    def _in_order(self, accepted: list[Row], refused: dict[int, Row]) -> list[Row]:
        if not refused:
            return accepted
        rows = iter(accepted)
        return [refused[at] if at in refused else next(rows) for at in range(len(self.ids))]


class LazyRows(Sequence[Row]):
    """Rows made when first looked at: not at all where the log is off."""

    def __init__(self, make: Callable[[], list[Row]]) -> None:
        self._make = make

    @cached_property
    def _rows(self) -> list[Row]:
        return self._make()

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        return self._rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def random_ids(count: int) -> list[str]:
    """Random UUIDs (version 4, RFC 9562), as text; several times as fast as ``uuid.uuid4``."""
    octets = np.frombuffer(os.urandom(16 * count), dtype=np.uint8).reshape(-1, 16).copy()
    octets[:, 6] = octets[:, 6] & 0x0F | 0x40
    octets[:, 8] = octets[:, 8] & 0x3F | 0x80
    digits = octets.tobytes().hex()
    texts = [digits[start : start + 32] for start in range(0, len(digits), 32)]
    return [f"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}" for t in texts]
