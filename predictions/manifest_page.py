"""The model's manifest as tables for the admin's page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from predictions.features import FEATURES, Feature, Kind
from predictions.manifest import Manifest
from predictions.presentation import in_percent, manifest_text, with_unit


@dataclass(frozen=True, slots=True)
class Section:
    """One table. The first cell of each row is its heading."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def sections(manifest: Manifest) -> list[Section]:
    """What the file is, its bands, what it knows of each input, and its measured figures."""
    return [_identity(manifest), _bands(manifest), _inputs(manifest), _metrics(manifest)]


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
    rows = list(_flat(manifest.raw.get("metrics", {}), ""))
    return Section(_("Measured by cross-validation"), (_("Figure"), _("Value")), rows)


def _flat(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Nested figures as rows: {"men": {"auc": 0.7}} becomes ("men, auc", "0.7")."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, f"{name}, {key}".removeprefix(", ").replace("_", " "))
    elif isinstance(value, list):
        yield (name, " – ".join(_shown(part) for part in value))
    else:
        yield (name, _shown(value))


def _shown(value: object) -> str:
    return number_format(f"{value:.4g}") if isinstance(value, float) else str(value)
