"""What the window is compared with: the manifest's ``drift_reference``, as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, Self

import numpy as np
from django.conf import settings

from predictions.arrays import FloatArray
from predictions.features import NAMES
from predictions.risk.derived import DERIVED
from predictions.risk.manifest import FILE_NAME, Manifest, ModelError
from predictions.risk.model_source import fetch_beside

PROBABILITY: Final = "probability"
# Of the derived features: those that weigh most in the model.
MOST_FEATURES: Final = 5


@dataclass(frozen=True, eq=False)
class Distribution:
    """Of ``rows`` known values in training; ``missing``: the share of people not known.

    A number has rising ``cuts`` and in ``cumulative`` P(X <= cut); a category has its values in
    ``cuts`` and P(X = value) in ``shares``. The other one is empty.
    """

    rows: int
    missing: float
    cuts: FloatArray
    cumulative: FloatArray
    shares: FloatArray

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        shares = raw.get("shares", {})
        return cls(
            rows=int(raw["rows"]),
            missing=float(raw["missing"]),
            cuts=np.array([float(value) for value in raw.get("cuts") or list(shares)]),
            cumulative=np.array(raw["cumulative"] if not shares else [], dtype=np.float64),
            shares=np.array(list(shares.values()), dtype=np.float64),
        )

    @cached_property
    def is_category(self) -> bool:
        return len(self.shares) > 0

    @cached_property
    def counts(self) -> FloatArray:
        """Of a category: in training, of each value."""
        return (self.shares * self.rows).round()

    @cached_property
    def median(self) -> float:
        """Of a number: the least value that half of the people do not exceed."""
        return float(self.cuts[np.searchsorted(self.cumulative, 0.5)])

    @cached_property
    def people(self) -> int:
        """Of whom it was known, and of whom it was not."""
        return round(self.rows / (1 - self.missing))


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """``features``: the names of the derived features that are compared.

    ``low`` and ``high``: (14,) training ranges. ``manifest`` fills unknowns as the model does.
    """

    manifest: Manifest
    features: tuple[str, ...]
    of: Mapping[str, Distribution]
    low: FloatArray
    high: FloatArray

    @classmethod
    def from_manifest(cls, manifest: Manifest) -> Self:
        """Raises ``ModelError`` where the manifest has no reference, or another's."""
        try:
            features = most_important(manifest)
            raw = manifest.raw["drift_reference"]
            names = (*NAMES, *features, PROBABILITY)
            of = {name: Distribution.parse(raw[name]) for name in names}
        except (LookupError, TypeError, ValueError, AttributeError):
            raise ModelError(
                f"The model's {FILE_NAME} does not say how its training data were spread "
                "(drift_reference), so drift cannot be measured."
            ) from None
        return cls(manifest, features, of, *manifest.range_rows())


def most_important(manifest: Manifest) -> tuple[str, ...]:
    """The derived features of several inputs with the greatest standardized coefficients.

    One made of a single input would only repeat that input's answer: the KS statistic does not
    see a change of scale, and three of the model's five heaviest features are age again.
    """
    weights = manifest.raw["estimator"]["features"]
    joined = [derived.name for derived in DERIVED if len(derived.inputs) > 1]
    joined.sort(key=lambda name: -abs(weights[name]["coefficient"]))
    return tuple(joined[:MOST_FEATURES])


def get_reference() -> Reference:
    """Of the model in use. Raises ``ModelError``."""
    return _load(settings.MODEL_PATH)


@lru_cache(maxsize=1)
def _load(location: str) -> Reference:
    # The manifest alone: comparing needs no model, and scikit-learn takes a second to import.
    path = fetch_beside(location, FILE_NAME, settings.HF_TOKEN)
    try:
        content = path.read_bytes()
    except OSError:
        raise ModelError(f"There is no readable {FILE_NAME} where MODEL_PATH says.") from None
    return Reference.from_manifest(Manifest.parse(content))
