"""A prediction as the page shows it: rounded, worded, in the reader's language."""

from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from predictions.features import BY_NAME
from predictions.risk.manifest import Manifest
from predictions.risk.prediction import Prediction

PEOPLE: Final = 100
_COLUMNS: Final = 10
# Size of one icon in the drawing's own units.
_WIDTH: Final = 10
_HEIGHT: Final = 12


@dataclass(frozen=True, slots=True)
class Icon:
    """One of the 100 people: where in the drawing, and whether the disease befalls them."""

    x: int
    y: int
    affected: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What the result's template shows, as text."""

    prediction: Prediction
    manifest: Manifest
    transaction_id: str

    @property
    def percent(self) -> str:
        return in_percent(self.prediction.probability, decimals=1)

    @property
    def endpoint(self) -> str:
        return _(self.prediction.endpoint)

    @property
    def band(self) -> str:
        return _(self.prediction.band_label)

    @property
    def bands(self) -> str:
        """Every band with its limits: which numbers the words stand for."""
        return ", ".join(
            _("%(band)s from %(low)s to %(high)s")
            % {
                "band": _(band.label),
                "low": in_percent(band.low),
                "high": in_percent(band.high),
            }
            for band in self.manifest.bands
        )

    @property
    def bands_source(self) -> str:
        return manifest_text(self.manifest, "bands_source")

    @property
    def endpoint_detail(self) -> str:
        return manifest_text(self.manifest, "endpoint_detail")

    @property
    def tone(self) -> str:
        """low, middle or high: the first band, the last, or one between."""
        keys = [band.key for band in self.manifest.bands]
        place = keys.index(self.prediction.risk_band)
        if place == 0:
            return "low"
        return "high" if place == len(keys) - 1 else "middle"

    @property
    def affected(self) -> int:
        """Of 100 people, how many."""
        return round(self.prediction.probability * PEOPLE)

    @property
    def frequency(self) -> str:
        """The probability as a number of people, which most readers understand best."""
        if self.affected == 0:
            return _(
                "Fewer than 1 of 100 people like this develop coronary heart disease "
                "within 10 years."
            )
        if self.affected == PEOPLE:
            return _(
                "More than 99 of 100 people like this develop coronary heart disease "
                "within 10 years."
            )
        sentence = ngettext(
            "About %(number)s of 100 people like this develops coronary heart disease "
            "within 10 years.",
            "About %(number)s of 100 people like this develop coronary heart disease "
            "within 10 years.",
            self.affected,
        )
        return sentence % {"number": self.affected}

    @property
    def icons(self) -> list[Icon]:
        """The 100 people in rows of ten, the affected first."""
        return [
            Icon(
                x=place % _COLUMNS * _WIDTH,
                y=place // _COLUMNS * _HEIGHT,
                affected=place < self.affected,
            )
            for place in range(PEOPLE)
        ]

    @property
    def filled(self) -> list[str]:
        """The inputs that were not given, each with what the model took instead."""
        return [
            _("%(label)s: %(value)s")
            % {"label": BY_NAME[name].label, "value": with_unit(name, value)}
            for name, value in self.prediction.imputed.items()
        ]

    @property
    def warnings(self) -> list[str]:
        return [warning.text() for warning in self.prediction.warnings]

    @property
    def threshold(self) -> str:
        return in_percent(self.prediction.threshold)

    @property
    def flagged(self) -> bool:
        """Whether the risk reaches the model's threshold: YES or NO on the wire."""
        return self.prediction.prediction == 1


def manifest_text(manifest: Manifest, name: str) -> str:
    """One of the manifest's texts in the reader's language; "" where it has none."""
    text = manifest.raw.get(name)
    # gettext("") is the catalogue's header.
    return _(text) if text else ""


def in_percent(share: float, decimals: int | None = None) -> str:
    """0.123 as "12.3%", or as French writes it; without ``decimals`` as short as it goes."""
    percent = share * 100
    number = short(percent) if decimals is None else number_format(f"{percent:.{decimals}f}")
    return _("%(number)s%%") % {"number": number}


def with_unit(name: str, value: float) -> str:
    """The value of an input as people write it: with its unit, or the choice's own word."""
    feature = BY_NAME[name]
    if feature.choices is not None:
        return str(feature.choices[int(value)])
    return f"{short(value)} {_(feature.unit)}" if feature.unit else short(value)


def short(value: float) -> str:
    """A number in the reader's notation, without trailing zeros: 140, 26.4 or 26,4."""
    return number_format(f"{value:.10g}")
