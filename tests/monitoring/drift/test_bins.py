import numpy as np
import pytest

from monitoring.drift.bins import bins_of, edges_of, reference_shares
from monitoring.drift.reference import Distribution
from predictions.features import FEATURES, INDEX, Kind
from tests.monitoring.drift.people import reference
from tests.predictions.models import rows

NUMBERS = [item.name for item in FEATURES if item.kind is Kind.NUMBER]


@pytest.mark.parametrize("name", NUMBERS)
def test_the_references_shares_are_those_of_the_rows(name: str) -> None:
    distribution = reference().of[name]
    values = rows().inputs[:, INDEX[name]]
    known = values[~np.isnan(values)]
    edges = distribution.cuts[edges_of(distribution)]
    # Bins are open below and closed above.
    counted = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    shares = reference_shares(distribution)
    np.testing.assert_allclose(shares, counted / len(known), atol=2e-6)


@pytest.mark.parametrize("name", [*NUMBERS, "probability"])
def test_there_are_a_dozen_at_most_and_no_gap(name: str) -> None:
    distribution = reference().of[name]
    bins = bins_of(distribution, None)
    assert len(bins) <= 12
    assert [each.high for each in bins[:-1]] == [each.low for each in bins[1:]]


def test_a_distribution_of_one_value_has_one_bin() -> None:
    distribution = Distribution.parse(
        {"rows": 10, "missing": 0, "cuts": [5.0], "cumulative": [1.0]}
    )
    (only,) = bins_of(distribution, None)
    assert (only.low, only.high, only.reference) == (None, None, 1)
