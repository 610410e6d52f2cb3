from pathlib import Path

import numpy as np
import orjson
import pytest
from pytest_django import Settings

from monitoring.drift.reference import Reference, get_reference, most_important
from predictions.features import FEATURES, INDEX, NAMES, Kind
from predictions.risk.derived import DERIVED
from predictions.risk.manifest import ModelError
from tests.monitoring.drift.people import reference
from tests.predictions.models import manifest, raw_manifest, rows


def test_the_features_are_the_heaviest_that_join_several_inputs() -> None:
    weights = raw_manifest()["estimator"]["features"]
    joined = {derived.name for derived in DERIVED if len(derived.inputs) > 1}
    least = min(abs(weights[name]["coefficient"]) for name in reference().features)
    left_out = joined - set(reference().features)
    assert all(abs(weights[name]["coefficient"]) <= least for name in left_out)
    assert len(reference().features) == 5


def test_the_heaviest_comes_first() -> None:
    assert most_important(manifest())[0] == "AGE_PULSE_PRESSURE"


@pytest.mark.parametrize("name", [item.name for item in FEATURES if item.kind is Kind.CHOICE])
def test_a_choices_counts_are_those_of_the_rows(name: str) -> None:
    values = rows().inputs[:, INDEX[name]]
    assert reference().of[name].counts.tolist() == [(values == 0).sum(), (values == 1).sum()]


@pytest.mark.parametrize("name", NAMES)
def test_it_knows_how_many_people_there_were(name: str) -> None:
    assert reference().of[name].people == len(rows().inputs)


@pytest.mark.parametrize(
    "changes",
    [
        {"drift_reference": {}},
        {"drift_reference": None},
        {"estimator": {"kind": "forest"}},
        # As an earlier release wrote it.
        {"drift_reference": {"AGE": {"missing": 0, "quantiles": [32, 49, 70]}}},
    ],
)
def test_a_manifest_without_a_reference_is_one_clear_sentence(changes: dict[str, object]) -> None:
    with pytest.raises(ModelError, match="does not say how its training data were spread"):
        Reference.from_manifest(manifest(**changes))


def test_it_is_read_beside_the_model_without_loading_it(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "manifest.json").write_bytes(
        orjson.dumps(raw_manifest() | {"model_version": "mine"})
    )
    settings.MODEL_PATH = str(tmp_path / "there-is-none.pkl")
    assert get_reference().manifest.model_version == "mine"


def test_a_manifest_that_is_not_there_is_one_clear_sentence(
    tmp_path: Path, settings: Settings
) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    with pytest.raises(ModelError, match="no readable manifest"):
        get_reference()


def test_the_ranges_are_those_of_the_rows() -> None:
    inputs = rows().inputs
    np.testing.assert_array_equal(reference().low, np.nanmin(inputs, axis=0))
    np.testing.assert_array_equal(reference().high, np.nanmax(inputs, axis=0))
