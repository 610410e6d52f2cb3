from pathlib import Path
from typing import Any

import orjson
import pytest

from predictions.training.compare import differences
from tests.predictions.models import MODEL_FOLDER, raw_manifest


def folder(path: Path, manifest: dict[str, Any]) -> Path:
    (path / "manifest.json").write_bytes(orjson.dumps(manifest))
    golden = (MODEL_FOLDER / "golden_cases.json").read_bytes()
    (path / "golden_cases.json").write_bytes(golden)
    return path


def test_it_finds_no_difference_from_itself() -> None:
    assert differences(MODEL_FOLDER, MODEL_FOLDER) == []


def test_it_passes_over_the_hash_of_the_bytes(tmp_path: Path) -> None:
    other = raw_manifest() | {"sha256": "0", "model_version": "0"}
    assert differences(MODEL_FOLDER, folder(tmp_path, other)) == []


def test_it_passes_over_the_last_digit_of_a_rounded_figure(tmp_path: Path) -> None:
    other = raw_manifest()
    other["metrics"]["overall"]["auc"]["mean"] += 1e-4
    assert differences(MODEL_FOLDER, folder(tmp_path, other)) == []


def test_it_names_a_coefficient_that_differs(tmp_path: Path) -> None:
    other = raw_manifest()
    other["estimator"]["features"]["AGE"]["coefficient"] += 1e-6
    (line,) = differences(MODEL_FOLDER, folder(tmp_path, other))
    assert ".estimator.features.AGE.coefficient is " in line


@pytest.mark.parametrize(
    "changes", [{"threshold": 0.5}, {"bands": []}, {"medians": {}}, {"endpoint": "another"}]
)
def test_it_names_what_else_differs(tmp_path: Path, changes: dict[str, Any]) -> None:
    (line,) = differences(MODEL_FOLDER, folder(tmp_path, raw_manifest() | changes))
    assert f".{next(iter(changes))} is " in line


def test_it_names_a_golden_probability_that_differs(tmp_path: Path) -> None:
    other = folder(tmp_path, raw_manifest())
    cases = orjson.loads((other / "golden_cases.json").read_bytes())
    cases[3]["probability"] += 1e-6
    (other / "golden_cases.json").write_bytes(orjson.dumps(cases))
    (line,) = differences(MODEL_FOLDER, other)
    assert "[3].probability is " in line
