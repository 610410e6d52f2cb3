"""The manifest's tables hold for a manifest that says less."""

from dataclasses import replace

from predictions.manifest_page import sections
from predictions.predictor import get_predictor


def test_it_shows_a_model_that_came_without_figures() -> None:
    manifest = replace(get_predictor().manifest, raw={})
    assert all(row[0] for section in sections(manifest) for row in section.rows)


def test_it_gives_every_row_as_many_cells_as_there_are_heads() -> None:
    for section in sections(get_predictor().manifest):
        assert {len(row) for row in section.rows} == {len(section.heads)}, section.title
