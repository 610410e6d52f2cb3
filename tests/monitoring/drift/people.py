"""The training rows as people who come today: the same ones, drawn anew, or changed."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.random import Generator

from monitoring.drift.compare import compare
from monitoring.drift.figure import Figure
from monitoring.drift.reference import Reference
from monitoring.drift.report import report_of
from monitoring.models import DriftReport
from monitoring.period import Period
from monitoring.sources.predictions import Sample
from predictions.arrays import FloatArray
from predictions.features import BY_NAME, INDEX, Kind
from predictions.risk.predictor import Predictor
from tests.predictions.models import MODEL_FILE, manifest, rows

NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY: Final = Period.last(timedelta(days=1), NOW)


@lru_cache
def reference() -> Reference:
    """Of the committed model."""
    return Reference.from_manifest(manifest())


@lru_cache
def predictor() -> Predictor:
    return Predictor.load(str(MODEL_FILE))


def drawn(count: int, generator: Generator) -> FloatArray:
    """(count, 14) of the 4,240 training rows, with replacement."""
    everybody = rows().inputs
    people: FloatArray = everybody[generator.integers(0, len(everybody), count)]
    return people


def drawn_known(count: int, generator: Generator) -> FloatArray:
    """The same, of the people of whom everything is known."""
    complete = rows().inputs[~np.isnan(rows().inputs).any(axis=1)]
    people: FloatArray = complete[generator.integers(0, len(complete), count)]
    return people


def shifted(people: FloatArray, name: str, by: float, generator: Generator) -> FloatArray:
    """The mean of one input is greater by ``by`` standard deviations of the training data.

    A number rises for everybody, rounded to the form's step and within the limits; cigarettes
    for those who smoke only, by as much more. Of a choice, as many random people become a 1.
    """
    feature, column = BY_NAME[name], INDEX[name]
    then, now = rows().inputs[:, column], people[:, column].copy()
    rise = by * float(np.nanstd(then))
    if feature.kind is Kind.CHOICE:
        chance = rise / (1 - np.nanmean(then))
        now[(now == 0) & (generator.random(len(now)) < chance)] = 1
    else:
        whose = now > 0 if name == "CIGS_PER_DAY" else np.full(len(now), True)
        if name == "CIGS_PER_DAY":
            rise /= float((then[~np.isnan(then)] > 0).mean())
        steps = np.round((now + rise * whose) / feature.step) * feature.step
        now = np.clip(steps, feature.low, feature.high)
    changed = people.copy()
    changed[:, column] = now
    return changed


def compared(people: FloatArray) -> dict[str, Figure]:
    """As a report does it, the probabilities of the real model; by name."""
    probability = predictor().predict_many(people).probability
    return {figure.name: figure for figure in compare(reference(), people, probability)}


def sample_of(people: FloatArray, versions: list[str] | None = None) -> Sample:
    own = reference().manifest.model_version
    return Sample(
        source="elasticsearch",
        inputs=people,
        probability=predictor().predict_many(people).probability,
        model_version=versions or [own] * len(people),
        total=len(people),
    )


def saved_report(people: FloatArray, created: datetime = NOW) -> DriftReport:
    """As it is read back from the database."""
    report = report_of(reference(), sample_of(people), DAY, created)
    report.save()
    report.refresh_from_db()
    return report


def older_people() -> FloatArray:
    """600 who are ten years older, and of whom no lab sends the glucose."""
    people = drawn(600, np.random.default_rng(10))
    people[:, INDEX["AGE"]] += 10
    people[:, INDEX["GLUCOSE"]] = np.nan
    return people
