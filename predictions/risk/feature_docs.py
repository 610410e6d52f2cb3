"""``docs/features.md``, written from the feature tables."""

from typing import Final

from django.utils.translation import override

from predictions.features import FEATURES, Feature, Kind
from predictions.risk.derived import DERIVED, RISING

_HEAD: Final = """\
# The model's 28 features

Written from `predictions/features.py` and `predictions/risk/derived.py` by `make docs`.

## The 14 inputs

A value outside the limits is refused. Inputs that may be unknown are imputed: with the median of
the training data, cigarettes a day with 0 for a person who does not smoke and the smokers' median
for one who does. "Rises" says that, all else equal, a higher value never lowers the estimated risk.
Training ranges and medians stand in `model/MODEL_CARD.md`.

| name | column in the data | meaning | unit | limits | may be unknown | rises |
|---|---|---|---|---|---|---|
"""
_DERIVED_HEAD: Final = """
## The 14 derived features

`log` is the natural logarithm. `stage` is 0 to 4, the higher of what the two pressures say.

| name | formula | unit | why | source |
|---|---|---|---|---|
"""


def features_markdown() -> str:
    """The whole file, in English."""
    with override("en"):
        inputs = "\n".join(_input_row(feature) for feature in FEATURES)
    derived = "\n".join(
        f"| {row.name} | `{row.formula}` | {row.unit} | {row.why} | {row.source} |"
        for row in DERIVED
    )
    return f"{_HEAD}{inputs}\n{_DERIVED_HEAD}{derived}\n"


def _input_row(feature: Feature) -> str:
    cells = [
        feature.name,
        f"`{feature.column}`",
        _meaning(feature),
        feature.unit or "-",
        f"{feature.low:g} to {feature.high:g}" if feature.kind is Kind.NUMBER else "0 or 1",
        "yes" if feature.unknown_allowed else "no",
        "yes" if feature.name in RISING else "-",
    ]
    return f"| {' | '.join(cells)} |"


def _meaning(feature: Feature) -> str:
    if feature.choices is None:
        return str(feature.label)
    zero, one = feature.choices
    return f"{feature.label}: 0 {str(zero).lower()}, 1 {str(one).lower()}"
