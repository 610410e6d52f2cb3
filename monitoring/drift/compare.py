"""Compares people's inputs, features and probabilities with those of the training data."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.stats import false_discovery_control

from monitoring.drift.figure import Figure, Group
from monitoring.drift.measure import measure
from monitoring.drift.reference import PROBABILITY, Reference
from monitoring.models.drift import Verdict
from predictions.arrays import FloatArray
from predictions.features import FEATURES, INDEX
from predictions.risk.derivation import derive
from predictions.risk.derived import ALL_NAMES, inputs_of
from predictions.risk.imputation import impute

# The false discovery rate of a family; where nothing has changed, that of any false alarm.
ALPHA: Final = 0.05
# Of all people, that more or fewer are imputed than in training.
LEAST_MISSING: Final = 0.05


def compare(reference: Reference, inputs: FloatArray, probability: FloatArray) -> list[Figure]:
    """The 14 inputs, the reference's features, the probability, in this order.

    ``inputs``: (n, 14), NaN where unknown; ``probability``: (n,). A figure drifts where a test
    of it is significant after Benjamini and Hochberg (J R Stat Soc B 1995;57:289) and its effect
    is one that matters. One family are the tests of the inputs, of their values and of what is
    missing; another are those of what follows from the inputs.
    """
    probabilities = measure(reference.of[PROBABILITY], PROBABILITY, Group.PROBABILITY, probability)
    followed = [*_features(reference, inputs), probabilities]
    return [*judged(list(_inputs(reference, inputs))), *judged(followed)]


def judged(family: Sequence[Figure]) -> list[Figure]:
    """With adjusted p-values and verdicts."""
    adjusted = iter(_adjusted([p for figure in family for p in _p_values(figure)]))
    return [
        _verdict(
            figure,
            None if figure.p_value is None else next(adjusted),
            None if figure.missing_p_value is None else next(adjusted),
        )
        for figure in family
    ]


def _inputs(reference: Reference, inputs: FloatArray) -> Iterator[Figure]:
    for feature, values, low, high in zip(
        FEATURES, inputs.T, reference.low, reference.high, strict=True
    ):
        yield measure(
            reference.of[feature.name],
            feature.name,
            Group.INPUT,
            values,
            may_be_missing=feature.unknown_allowed,
            trained=(float(low), float(high)),
        )


def _features(reference: Reference, inputs: FloatArray) -> Iterator[Figure]:
    """A feature is known where all its inputs are, as in the reference."""
    manifest = reference.manifest
    complete, unknown = impute(inputs, manifest.median_row(), manifest.smokers_cigarettes)
    derived = derive(complete)
    for name in reference.features:
        missing = unknown[:, [INDEX[source] for source in inputs_of(name)]].any(axis=1)
        values = np.where(missing, np.nan, derived[:, ALL_NAMES.index(name)])
        yield measure(reference.of[name], name, Group.FEATURE, values)


def _p_values(figure: Figure) -> list[float]:
    return [p for p in (figure.p_value, figure.missing_p_value) if p is not None]


def _adjusted(p_values: list[float]) -> list[float]:
    adjusted: list[float] = false_discovery_control(p_values).tolist() if p_values else []
    return adjusted


def _verdict(figure: Figure, adjusted: float | None, adjusted_missing: float | None) -> Figure:
    drifts_in = tuple(_drifts_in(figure, adjusted, adjusted_missing))
    verdict = Verdict.NOT_ENOUGH_DATA if adjusted is None else Verdict.OK
    return replace(
        figure,
        verdict=Verdict.DRIFT.value if drifts_in else verdict.value,
        drifts_in=drifts_in,
        adjusted_p_value=adjusted,
        adjusted_missing_p_value=adjusted_missing,
    )


def _drifts_in(
    figure: Figure, adjusted: float | None, adjusted_missing: float | None
) -> Iterator[str]:
    if _is_below(adjusted) and (figure.effect or 0) >= figure.least_effect:
        yield "distribution"
    current, reference = figure.share_missing
    if _is_below(adjusted_missing) and abs(current - reference) >= LEAST_MISSING:
        yield "missing"


def _is_below(p_value: float | None) -> bool:
    return p_value is not None and p_value < ALPHA
