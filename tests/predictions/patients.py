"""Patients as a form sends them."""

from typing import Final

from predictions.features import EXAMPLE, FEATURES

COMPLETE: Final[dict[str, str]] = {name: f"{value:g}" for name, value in EXAMPLE.items()}
MINIMAL: Final[dict[str, str]] = {
    feature.name: "" if feature.unknown_allowed else COMPLETE[feature.name] for feature in FEATURES
}
