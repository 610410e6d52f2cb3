"""All figures of the manifest and the model card."""

from collections.abc import Iterator
from typing import Any, Final

from predictions.arrays import BoolArray, FloatArray
from predictions.features import INDEX
from predictions.training.crossvalidation import FOLDS, CrossValidation
from predictions.training.framingham import Rows
from predictions.training.intervals import with_intervals
from predictions.training.metrics import at_threshold, figures

AGE_BANDS: Final = ((32, 39), (40, 49), (50, 59), (60, 70))


def groups(inputs: FloatArray) -> Iterator[tuple[str, BoolArray]]:
    """The people by sex and by age: a name and a (n,) mask."""
    male, age = inputs[:, INDEX["GENDER"]] == 1, inputs[:, INDEX["AGE"]]
    yield "women", ~male
    yield "men", male
    for low, high in AGE_BANDS:
        yield f"age {low} to {high}", (age >= low) & (age <= high)


def measure(
    validation: CrossValidation, rows: Rows, threshold: float, published: FloatArray
) -> dict[str, Any]:
    """The manifest's ``metrics``; ``published`` (n,) is the compared function's risk."""
    probability, outcome = validation.mean_probability(), rows.outcome
    return {
        "method": f"stratified cross-validation, {FOLDS} folds, "
        f"repeated {len(validation.probability)} times",
        "overall": validation.summary(),
        "at_threshold": with_intervals(
            lambda drawn: at_threshold(probability[drawn], outcome[drawn], threshold),
            len(outcome),
        ),
        "groups": {
            name: _group(probability[mask], outcome[mask]) for name, mask in groups(rows.inputs)
        },
        "pooled": _group(probability, outcome),
        "published": _group(published, outcome),
    }


def _group(probability: FloatArray, outcome: FloatArray) -> dict[str, Any]:
    counts = {"people": len(outcome), "events": int(outcome.sum())}
    return counts | with_intervals(
        lambda drawn: figures(probability[drawn], outcome[drawn]), len(outcome)
    )
