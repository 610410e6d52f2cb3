"""The columns that the answer adds to each row of a file."""

from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Final

import numpy as np
import orjson

from predictions.arrays import FloatArray
from predictions.files.header import ANSWERS
from predictions.risk.prediction import OutOfRange, Predictions
from predictions.risk.remarks import imputed_by_row, warned_by_row

# In the order of ``ANSWERS``.
Answer = tuple[str, ...]
_BETWEEN_VALUES: Final = "; "
BETWEEN_SENTENCES: Final = " "
_PREDICTIONS: Final = np.array(["0", "1"], dtype=object)
_RESULTS: Final = np.array(["NO", "YES"], dtype=object)


def answers_of(
    predictions: Predictions,
    errors: Mapping[int, str],
    *,
    decimal_comma: bool,
    word: Callable[[OutOfRange], str],
) -> list[Answer]:
    """One a row, in the file's order: ``errors`` says by position why a row was refused.

    The accepted rows are those of ``predictions``; ``word`` puts a warning into words.
    """
    answers = _accepted(predictions, decimal_comma=decimal_comma, word=word)
    blank = [""] * (len(ANSWERS) - 2)
    for position in sorted(errors):
        # Everything before it is in its place, so that it comes to stand where it stood.
        answers.insert(position, (*blank, errors[position], predictions.manifest.model_version))
    return answers


def _accepted(
    predictions: Predictions, *, decimal_comma: bool, word: Callable[[OutOfRange], str]
) -> list[Answer]:
    manifest = predictions.manifest
    bands = np.array([band.key for band in manifest.bands], dtype=object)
    probabilities = _as_texts(predictions.probability)
    if decimal_comma:
        probabilities = [text.replace(".", ",") for text in probabilities]
    imputed = [""] * len(predictions)
    for row, filled in imputed_by_row(predictions).items():
        imputed[row] = _BETWEEN_VALUES.join(
            f"{name}={value:.15g}" for name, value in filled.items()
        )
    warnings = [""] * len(predictions)
    for row, prediction in warned_by_row(predictions).items():
        warnings[row] = BETWEEN_SENTENCES.join(map(word, prediction.warnings))
    columns = (
        probabilities,
        _PREDICTIONS[predictions.prediction].tolist(),
        _RESULTS[predictions.prediction].tolist(),
        bands[predictions.band].tolist(),
        imputed,
        warnings,
        repeat(""),
        repeat(manifest.model_version),
    )
    # Not strict: the last two never end.
    return list(zip(*columns, strict=False))


def _as_texts(numbers: FloatArray) -> list[str]:
    """As short as they can be written without losing a digit; four times as fast as ``repr``."""
    return orjson.dumps(numbers.tolist())[1:-1].decode().split(",") if len(numbers) else []
