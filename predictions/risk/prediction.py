"""What the model says of one person, or of many."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from predictions.arrays import BoolArray, FloatArray, IntArray
from predictions.features import BY_NAME, NAMES
from predictions.risk.manifest import Manifest

# Marked here for the catalogue; the manifest holds the texts.
gettext_noop("10-year risk of coronary heart disease")
gettext_noop("low")
gettext_noop("moderate")
gettext_noop("high")


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A value outside what the model was trained on: answered, with this warning."""

    field: str
    value: float
    low: float
    high: float
    unit: str

    def text(self) -> str:
        """A sentence in the reader's language."""
        return _(
            "%(label)s (%(field)s) is %(value)s, outside the %(low)s to %(high)s %(unit)s "
            "that the model was trained on: the estimate is less certain."
        ) % {
            "label": BY_NAME[self.field].label,
            "field": self.field,
            "value": _short(self.value),
            "low": _short(self.low),
            "high": _short(self.high),
            "unit": _(self.unit),
        }


class Prediction(NamedTuple):
    """One person's estimate.

    ``imputed`` gives the value that each unknown input was given; it is empty when all
    were known. ``risk_band`` is the key of one of the manifest's bands.
    """

    # A tuple is made three times as fast as a frozen dataclass, for each request.
    probability: float
    prediction: int
    result: str
    risk_band: str
    threshold: float
    imputed: dict[str, float]
    warnings: tuple[OutOfRange, ...]
    model_version: str
    band_label: str
    endpoint: str

    def message(self) -> str:
        """One sentence in the reader's language: what, how likely, which band."""
        percent = f"{self.probability * 100:.1f}"
        return _sentence(get_language(), self.endpoint, percent, self.band_label)

    def log_result(self) -> dict[str, Any]:
        """The same as plain data for the log: English, no translated text."""
        return {
            "prediction": self.prediction,
            "result": self.result,
            "probability": self.probability,
            "risk_band": self.risk_band,
            "threshold": self.threshold,
            "imputed": self.imputed,
            "warnings": [
                {"field": w.field, "value": w.value, "low": w.low, "high": w.high}
                for w in self.warnings
            ],
            "model_version": self.model_version,
        }


@dataclass(frozen=True, slots=True)
class Predictions:
    """Many people's estimates in columns, in the order they came.

    ``probability`` (n,), ``prediction`` (n,) of 0 and 1, ``band`` (n,) index into the
    manifest's bands, ``imputed`` and ``out_of_range`` (n, 14) masks, ``values`` (n, 14)
    complete: what the model was given.
    """

    probability: FloatArray
    prediction: IntArray
    band: IntArray
    imputed: BoolArray
    out_of_range: BoolArray
    values: FloatArray
    manifest: Manifest

    def __len__(self) -> int:
        return len(self.probability)

    def row(self, index: int) -> Prediction:
        """One person's."""
        return describe(
            self.manifest,
            float(self.probability[index]),
            int(self.band[index]),
            self.values[index].tolist(),
            np.flatnonzero(self.imputed[index]).tolist(),
            np.flatnonzero(self.out_of_range[index]).tolist(),
        )


def describe(
    manifest: Manifest,
    probability: float,
    band: int,
    values: Sequence[float],
    imputed: Sequence[int],
    out_of_range: Sequence[int],
) -> Prediction:
    """One person's estimate from the complete ``values`` (14) that the model was given.

    ``band`` is an index into the manifest's bands; ``imputed`` and ``out_of_range`` are
    indices into ``values``.
    """
    prediction = int(probability >= manifest.threshold)
    found = manifest.bands[band]
    return Prediction(
        probability,
        prediction,
        "YES" if prediction else "NO",
        found.key,
        manifest.threshold,
        {NAMES[column]: values[column] for column in imputed},
        tuple([_warning(manifest, column, values[column]) for column in out_of_range]),
        manifest.model_version,
        found.label,
        manifest.endpoint,
    )


def _warning(manifest: Manifest, column: int, value: float) -> OutOfRange:
    name = NAMES[column]
    low, high = manifest.training_ranges[name]
    return OutOfRange(name, value, low, high, BY_NAME[name].unit)


# There are 1,001 percentages; to word one takes 13 µs, which is more than to predict it.
@lru_cache(maxsize=4096)
def _sentence(_language: str | None, endpoint: str, percent: str, band_label: str) -> str:
    """In the active language, which is given so that each one has its own sentence."""
    return _("%(endpoint)s: %(percent)s%% (%(band)s)") % {
        "endpoint": _(endpoint),
        "percent": number_format(percent),
        "band": _(band_label),
    }


def _short(value: float) -> str:
    """In the reader's notation, without trailing zeros: 140, 26.4 or 26,4."""
    return number_format(f"{value:.6g}" if value % 1 else int(value))
