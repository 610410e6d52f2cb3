"""What a report says of one input, one feature, or the probability."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from monitoring.drift.bins import Bin
from monitoring.models.drift import DriftReport


class Group(StrEnum):
    """What is compared."""

    INPUT = "input"
    FEATURE = "feature"
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Pairs are (current, reference); None where it was not measured.

    ``verdict`` is one of ``models.Verdict``. ``test`` ("ks", "chi2", "fisher") compares the
    ``rows`` whose value is known; ``effect`` is KS's D or Cohen's w. ``p_value`` and
    ``missing_p_value`` are as the tests give them, the adjusted ones after Benjamini and Hochberg.
    ``drifts_in`` names what decided: "distribution", "missing".
    """

    name: str
    group: str
    verdict: str
    drifts_in: tuple[str, ...]
    rows: int
    test: str | None
    statistic: float | None
    p_value: float | None
    adjusted_p_value: float | None
    effect: float | None
    least_effect: float
    psi: float | None
    median: tuple[float, float] | None
    share_missing: tuple[float, float]
    missing_p_value: float | None
    adjusted_missing_p_value: float | None
    share_out_of_range: float | None
    bins: tuple[Bin, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data, as the database keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        """Raises ``TypeError`` or ``KeyError`` for what another release wrote."""
        fields = dict(raw)
        for name in ("drifts_in", "median", "share_missing"):
            fields[name] = tuple(fields[name]) if fields[name] is not None else None
        fields["bins"] = tuple(Bin(**each) for each in fields["bins"])
        return cls(**fields)


def figures_of(report: DriftReport) -> list[Figure]:
    """As they were saved."""
    return [Figure.from_json(figure) for figure in report.figures]
