"""The ten inputs that move the estimate most, each cut into bands, as KQL."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from django.utils.translation import override

from predictions.features import BY_NAME, Feature

# From the one whose standard deviation moves the log-odds most to the tenth; a test ranks them
# by the manifest. The values at which a band begins, empty for what is 0 or 1.
# SYS_BP and DIA_BP: ACC/AHA 2017. TOT_CHOL: NCEP Adult Treatment Panel III. GLUCOSE: the American
# Diabetes Association's limits, fasting. AGE and CIGS_PER_DAY: decades, and a pack.
BANDS: Final[dict[str, tuple[int, ...]]] = {
    "AGE": (40, 50, 60),
    "SYS_BP": (120, 130, 140, 180),
    "GENDER": (),
    "CIGS_PER_DAY": (1, 20),
    "PREVALENT_HYP": (),
    "GLUCOSE": (100, 126),
    "TOT_CHOL": (200, 240),
    "PREVALENT_STROKE": (),
    "DIA_BP": (80, 90, 120),
    "BP_MEDS": (),
}


def bands_of_inputs() -> dict[str, str]:
    """Label -> KQL on ``ml-api-message``. Of each input the bands cover all of its values."""
    with override("en"):
        return {
            f"{BY_NAME[name].label}: {label}": kql
            for name, begins in BANDS.items()
            for label, kql in _bands(BY_NAME[name], begins)
        }


def _bands(feature: Feature, begins: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    field = f"input_data.{feature.name}"
    if feature.choices:
        for value, choice in enumerate(feature.choices):
            yield str(choice), f"{field}: {value}"
    else:
        first, last = begins[0], begins[-1]
        yield f"below {first}", f"{field} < {first}"
        for low, high in pairwise(begins):
            yield f"{low} to below {high}", f"{field} >= {low} and {field} < {high}"
        yield f"{last} and above", f"{field} >= {last}"
    if feature.unknown_allowed:
        yield "unknown", f"not {field}: *"
