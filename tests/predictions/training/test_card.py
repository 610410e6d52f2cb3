import pytest

from predictions.risk.derived import ALL_NAMES
from predictions.training.card import PLOT_FILE_NAME, model_card
from tests.predictions.models import MODEL_FOLDER, raw_manifest

CARD = (MODEL_FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_the_committed_card_is_written_from_the_committed_manifest() -> None:
    assert model_card(raw_manifest()) == CARD


@pytest.mark.parametrize(
    "heading",
    [
        "What it is for",
        "What it is not for",
        "Data",
        "Features",
        "How good it is",
        "By sex and by age",
        "Beside the published function",
        "Threshold and bands",
        "Face validity",
        "Limits",
    ],
)
def test_it_has_a_section(heading: str) -> None:
    assert f"\n## {heading}\n" in CARD


@pytest.mark.parametrize("name", ALL_NAMES)
def test_it_lists_every_feature(name: str) -> None:
    assert f"\n| {name} |" in CARD


def test_it_gives_the_figures_of_the_manifest() -> None:
    overall = raw_manifest()["metrics"]["overall"]
    for figure in overall.values():
        assert f"| {figure['mean']:.4f} | {figure['sd']:.4f} |" in CARD


def test_it_shows_the_plot_that_lies_beside_it() -> None:
    assert f"]({PLOT_FILE_NAME})" in CARD
    assert (MODEL_FOLDER / PLOT_FILE_NAME).is_file()


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for block in CARD.split("\n\n"):
        counts = {line.count("|") for line in block.splitlines() if line.startswith("|")}
        assert len(counts) <= 1
