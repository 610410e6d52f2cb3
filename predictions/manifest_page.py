"""The model's manifest as tables for the admin's page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from predictions.features import FEATURES, Feature, Kind, Text
from predictions.page.presentation import in_percent, manifest_text, short, with_unit
from predictions.risk.manifest import Manifest

_AGES: Final = re.compile(r"age (?P<low>\d+) to (?P<high>\d+)")
_NAMES: Final[dict[str, Text]] = {
    "auc": gettext_lazy("AUC"),
    "brier": gettext_lazy("Brier score"),
    "calibration_slope": gettext_lazy("calibration slope"),
    "calibration_intercept": gettext_lazy("calibration intercept"),
    "observed_expected": gettext_lazy("observed / expected"),
    "sensitivity": gettext_lazy("sensitivity"),
    "specificity": gettext_lazy("specificity"),
    "ppv": gettext_lazy("positive predictive value"),
    "npv": gettext_lazy("negative predictive value"),
    "people": gettext_lazy("people"),
    "events": gettext_lazy("events"),
    "women": gettext_lazy("women"),
    "men": gettext_lazy("men"),
    "pooled": gettext_lazy("all"),
    "published": gettext_lazy("all, by the published function"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One table. The first cell of each row is its heading."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def sections(manifest: Manifest) -> list[Section]:
    """What the file is, its bands, what it knows of each input, and its measured figures."""
    return [
        _identity(manifest),
        _bands(manifest),
        _inputs(manifest),
        _metrics(manifest),
        _comparison(manifest),
    ]


def _identity(manifest: Manifest) -> Section:
    rows = [
        (_("Version"), manifest.model_version),
        (_("Endpoint"), _(manifest.endpoint)),
        (_("What counts as one"), manifest_text(manifest, "endpoint_detail")),
        (_("Threshold"), in_percent(manifest.threshold)),
        (_("Source of the bands"), manifest_text(manifest, "bands_source")),
        (_("SHA-256 of the file"), manifest.sha256),
        (_("Made with scikit-learn"), manifest.scikit_learn),
    ]
    return Section(_("The file"), (_("Property"), _("Value")), rows)


def _bands(manifest: Manifest) -> Section:
    rows = [(_(band.label), in_percent(band.low), in_percent(band.high)) for band in manifest.bands]
    return Section(_("Risk bands"), (_("Band"), _("From"), _("To below")), rows)


def _inputs(manifest: Manifest) -> Section:
    heads = (_("Input"), _("Trained from"), _("Trained to"), _("Median in training"))
    rows = [_input(feature, manifest) for feature in FEATURES]
    return Section(_("Inputs"), heads, rows)


def _input(feature: Feature, manifest: Manifest) -> tuple[str, ...]:
    label = f"{feature.label} ({feature.name})"
    low, high = manifest.training_ranges[feature.name]
    if feature.kind is Kind.CHOICE:
        labels = " / ".join(str(choice) for choice in feature.choices or ())
        return (label, labels, "", with_unit(feature.name, manifest.medians[feature.name]))
    values = (low, high, manifest.medians[feature.name])
    return (label, *(with_unit(feature.name, value) for value in values))


def _metrics(manifest: Manifest) -> Section:
    metrics = manifest.raw.get("metrics", {})
    figures = {**metrics.get("overall", {}), **metrics.get("at_threshold", {})}
    rows = [(_words(name), _shown(figure)) for name, figure in figures.items()]
    heads = (_("Figure"), _("Mean ± standard deviation, or value (95% interval)"))
    return Section(_("Measured by cross-validation"), heads, rows)


def _comparison(manifest: Manifest) -> Section:
    """One row a group of people, and one for the published function on all of them."""
    metrics = manifest.raw.get("metrics", {})
    groups = {name: metrics.get(name, {}) for name in ("pooled", "published")}
    groups = {**metrics.get("groups", {}), **groups}
    names = list(groups["pooled"])
    rows = [
        (_words(group), *(_shown(figures.get(name)) for name in names))
        for group, figures in groups.items()
    ]
    title = _("By sex and age, and beside the published function")
    return Section(title, (_("Group"), *map(_words, names)), rows)


def _words(name: str) -> str:
    """A figure's or a group's name for readers; one that is not known here, as it stands."""
    if ages := _AGES.fullmatch(name):
        return _("age %(low)s to %(high)s") % ages.groupdict()
    return str(_NAMES.get(name, name.replace("_", " ")))


def _shown(figure: object) -> str:
    """A number; or a mean with its spread, or a value with its interval, in one cell."""
    match figure:
        case {"mean": mean, "sd": spread}:
            return f"{_shown(mean)} ± {_shown(spread)}"
        case {"value": value, "low": low, "high": high}:
            return f"{_shown(value)} ({_shown(low)} – {_shown(high)})"
        case float():
            return short(round(figure, 4))
    return "" if figure is None else str(figure)
