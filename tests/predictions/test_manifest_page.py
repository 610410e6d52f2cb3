"""The manifest's tables hold for a manifest that says less."""

from dataclasses import replace

from django.utils import translation

from predictions.manifest_page import sections
from predictions.risk.predictor import get_predictor


def test_it_shows_a_model_that_came_without_figures() -> None:
    manifest = replace(get_predictor().manifest, raw={})
    assert all(row[0] for section in sections(manifest) for row in section.rows)


def test_it_gives_every_row_as_many_cells_as_there_are_heads() -> None:
    for section in sections(get_predictor().manifest):
        assert {len(row) for row in section.rows} == {len(section.heads)}, section.title


def test_it_names_figures_and_groups_in_the_readers_language() -> None:
    with translation.override("fr"):
        comparison = sections(get_predictor().manifest)[-1]
    names = [row[0] for row in comparison.rows]
    assert {"femmes", "hommes", "âge de 40 à 49 ans"} <= set(names)
    assert "pente de calibration" in comparison.heads


def test_it_shows_a_figure_it_does_not_know_by_its_own_name() -> None:
    manifest = replace(get_predictor().manifest, raw={"metrics": {"overall": {"new_one": 0.5}}})
    assert ("new one", "0.5") in [row for s in sections(manifest) for row in s.rows]
