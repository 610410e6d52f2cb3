import numpy as np
import pytest

from predictions.features import BY_NAME, NAMES, Kind
from predictions.risk.derivation import derive
from predictions.risk.derived import ALL_NAMES
from predictions.training.fit import learn_filling
from predictions.training.reference import drift_reference
from tests.predictions.models import raw_manifest, rows

REFERENCE = raw_manifest()["drift_reference"]
CATEGORIES = [name for name in NAMES if BY_NAME[name].kind is Kind.CHOICE] + ["HYPERTENSION_STAGE"]


def test_it_describes_the_28_features_and_the_probability() -> None:
    assert list(REFERENCE) == [*ALL_NAMES, "probability"]


@pytest.mark.parametrize("name", CATEGORIES)
def test_the_shares_of_a_category_are_a_whole(name: str) -> None:
    assert sum(REFERENCE[name]["shares"].values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", [name for name in REFERENCE if name not in CATEGORIES])
def test_a_number_has_101_rising_quantiles(name: str) -> None:
    quantiles = REFERENCE[name]["quantiles"]
    assert len(quantiles) == 101
    assert quantiles == sorted(quantiles)


def test_the_quantiles_run_from_the_least_to_the_greatest() -> None:
    assert REFERENCE["AGE"]["quantiles"][::50] == [32, 49, 70]


def test_it_counts_what_is_missing() -> None:
    assert REFERENCE["GLUCOSE"]["missing"] == pytest.approx(388 / 4240, abs=1e-6)
    assert REFERENCE["AGE"]["missing"] == 0


def test_a_derived_feature_is_missing_where_an_input_is() -> None:
    assert REFERENCE["GLUCOSE_EXCESS"]["missing"] == REFERENCE["GLUCOSE"]["missing"]


def test_imputed_values_do_not_count_as_known() -> None:
    inputs = rows().inputs
    complete = learn_filling(inputs).fill(inputs)
    reference = drift_reference(inputs, complete, np.linspace(0.01, 0.5, len(inputs)))
    known = inputs[~np.isnan(inputs[:, NAMES.index("GLUCOSE")])]
    spread = derive(learn_filling(inputs).fill(known))[:, NAMES.index("GLUCOSE")]
    assert reference["GLUCOSE"]["quantiles"][50] == np.median(spread)
