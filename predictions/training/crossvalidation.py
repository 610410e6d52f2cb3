"""Repeated stratified cross-validation: every person predicted by models that never saw them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.model_selection import RepeatedStratifiedKFold

from predictions.arrays import FloatArray
from predictions.training.fit import STRENGTH, fit
from predictions.training.framingham import Rows
from predictions.training.metrics import figures

FOLDS: Final = 5
REPEATS: Final = 20
SEED: Final = 2008


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """``probability`` (repeats, n) out of fold; ``folds``: the figures of each test fold."""

    probability: FloatArray
    folds: tuple[dict[str, float], ...]

    def mean_probability(self) -> FloatArray:
        """(n,): each person's, over the repeats."""
        mean: FloatArray = self.probability.mean(axis=0)
        return mean

    def summary(self) -> dict[str, dict[str, float]]:
        """Mean and standard deviation over the test folds of each figure."""
        table = {name: np.array([fold[name] for fold in self.folds]) for name in self.folds[0]}
        return {
            name: {"mean": round(float(column.mean()), 4), "sd": round(float(column.std()), 4)}
            for name, column in table.items()
        }


def cross_validate(
    rows: Rows, *, strength: float = STRENGTH, repeats: int = REPEATS, seed: int = SEED
) -> CrossValidation:
    """Medians, scaling and coefficients are learned anew in each training part."""
    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=seed)
    probability = np.empty((repeats, len(rows.outcome)))
    folds = []
    for number, (train, test) in enumerate(splitter.split(rows.inputs, rows.outcome)):
        model = fit(rows.inputs[train], rows.outcome[train], strength)
        predicted = model.probability(rows.inputs[test])
        probability[number // FOLDS, test] = predicted
        folds.append(figures(predicted, rows.outcome[test]))
    return CrossValidation(probability, tuple(folds))
