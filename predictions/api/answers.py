"""The parts that the answers of /predict and /predict_batch share."""

from typing import Any

from predictions.risk.prediction import OutOfRange


def as_warning(warning: OutOfRange) -> dict[str, Any]:
    """One item of an answer's ``warnings``."""
    return {
        "field": warning.field,
        "value": warning.value,
        "low": warning.low,
        "high": warning.high,
        "unit": warning.unit,
        "detail": warning.text(),
    }
