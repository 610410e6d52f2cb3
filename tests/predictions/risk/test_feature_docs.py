import pytest
from django.conf import settings
from django.utils import translation

from predictions.features import NAMES
from predictions.risk.derived import DERIVED, Derived
from predictions.risk.feature_docs import features_markdown


@pytest.mark.parametrize("name", NAMES)
def test_it_lists_every_input(name: str) -> None:
    assert f"\n| {name} |" in features_markdown()


@pytest.mark.parametrize("feature", DERIVED, ids=lambda feature: feature.name)
def test_it_prints_formula_and_source_of_every_derived_feature(feature: Derived) -> None:
    assert f"`{feature.formula}`" in features_markdown()
    assert feature.source in features_markdown()


def test_every_row_of_a_table_has_as_many_cells() -> None:
    lines = features_markdown().splitlines()
    cells = {line.count("|") for line in lines if line.startswith("|")}
    assert cells == {8, 6}


def test_it_is_written_in_english_whoever_runs_it() -> None:
    with translation.override("fr"):
        assert "Systolic blood pressure" in features_markdown()


def test_the_committed_file_is_up_to_date() -> None:
    committed = (settings.BASE_DIR / "docs" / "features.md").read_text(encoding="utf-8")
    assert committed == features_markdown()
