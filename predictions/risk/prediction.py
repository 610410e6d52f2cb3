"""What the model says of one person, or of many."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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


@dataclass(frozen=True, slots=True)
class Prediction:
    """One person's estimate.

    ``imputed`` gives the value that each unknown input was given; it is empty when all
    were known. ``risk_band`` is the key of one of the manifest's bands.
    """

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
        return _("%(endpoint)s: %(percent)s%% (%(band)s)") % {
            "endpoint": _(self.endpoint),
            "percent": number_format(f"{self.probability * 100:.1f}"),
            "band": _(self.band_label),
        }

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
        manifest = self.manifest
        prediction = int(self.prediction[index])
        band = manifest.bands[self.band[index]]
        return Prediction(
            probability=float(self.probability[index]),
            prediction=prediction,
            result="YES" if prediction else "NO",
            risk_band=band.key,
            threshold=manifest.threshold,
            imputed={
                NAMES[column]: float(self.values[index, column])
                for column in np.flatnonzero(self.imputed[index])
            },
            warnings=tuple(
                self._warning(index, int(column))
                for column in np.flatnonzero(self.out_of_range[index])
            ),
            model_version=manifest.model_version,
            band_label=band.label,
            endpoint=manifest.endpoint,
        )

    def _warning(self, index: int, column: int) -> OutOfRange:
        name = NAMES[column]
        low, high = self.manifest.training_ranges[name]
        value = float(self.values[index, column])
        return OutOfRange(name, value, low, high, BY_NAME[name].unit)


def _short(value: float) -> str:
    """In the reader's notation, without trailing zeros: 140, 26.4 or 26,4."""
    return number_format(f"{value:.6g}" if value % 1 else int(value))
