from typing import Any

import numpy as np
import orjson
import pytest

from predictions.risk.manifest import Manifest, ModelError
from tests.predictions.models import manifest, raw_manifest


def band(low: float, high: float) -> dict[str, Any]:
    return {"key": "x", "label": "x", "low": low, "high": high}


def test_it_reads_the_committed_manifest() -> None:
    assert [band.key for band in manifest().bands] == ["low", "moderate", "high"]
    assert manifest().smokers_cigarettes == 20


def test_it_keeps_all_of_the_file() -> None:
    assert manifest().raw == raw_manifest()


def test_it_gives_medians_and_ranges_in_the_inputs_order() -> None:
    low, high = manifest().range_rows()
    assert (low <= manifest().median_row()).all()
    assert (manifest().median_row() <= high).all()


def test_it_gives_the_edges_between_the_bands() -> None:
    np.testing.assert_array_equal(manifest().band_edges(), [0.1, 0.2])


def test_it_refuses_what_is_not_json() -> None:
    with pytest.raises(ModelError, match="is not JSON"):
        Manifest.parse(b"{")


@pytest.mark.parametrize("name", ["sha256", "threshold", "bands", "medians", "scikit_learn"])
def test_it_names_what_is_missing(name: str) -> None:
    raw = raw_manifest()
    del raw[name]
    with pytest.raises(ModelError, match=f"has no '{name}'"):
        Manifest.parse(orjson.dumps(raw))


@pytest.mark.parametrize(
    "changes",
    [{"threshold": "high"}, {"bands": 3}, {"medians": []}, {"training_ranges": {"AGE": [1]}}],
)
def test_it_refuses_values_of_another_form(changes: dict[str, object]) -> None:
    with pytest.raises(ModelError, match="does not have the form"):
        manifest(**changes)


def test_it_refuses_json_that_is_not_an_object() -> None:
    with pytest.raises(ModelError, match="does not have the form"):
        Manifest.parse(b"[]")


@pytest.mark.parametrize(
    "bands",
    [
        [],
        [band(0.1, 1)],
        [band(0, 0.9)],
        [band(0, 0.1), band(0.2, 1)],
        [band(0, 0.3), band(0.2, 1)],
    ],
)
def test_it_refuses_bands_that_do_not_cover_0_to_1(bands: list[dict[str, Any]]) -> None:
    with pytest.raises(ModelError, match="do not cover 0 to 1"):
        manifest(bands=bands)
