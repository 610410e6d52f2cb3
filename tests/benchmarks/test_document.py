import sys
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from benchmarks import document

_TEXT = "Before\n<!-- begin one -->\nold\n<!-- end one -->\nbetween\n<!-- begin two -->\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(_TEXT, encoding="utf-8")
    return path


def test_it_replaces_a_section_and_nothing_else(page: Path) -> None:
    document.put_section("one", "new\\1\n", page)
    assert page.read_text() == _TEXT.replace("old", "new\\1")


@pytest.mark.parametrize(
    ("name", "marker"), [("two", "<!-- end two -->"), ("three", "<!-- begin three -->")]
)
def test_it_names_a_marker_that_is_missing(page: Path, name: str, marker: str) -> None:
    with pytest.raises(SystemExit, match=f"page.md has no {marker}"):
        document.put_section(name, "new", page)


@pytest.mark.parametrize("name", ["requests", "pipeline", "batch", "growth", "lag", "start"])
def test_the_page_has_a_place_for_each_benchmark(name: str) -> None:
    page = document.PERFORMANCE.read_text(encoding="utf-8")
    assert page.index(f"<!-- begin {name} -->") < page.index(f"<!-- end {name} -->")


def test_it_writes_the_same_plot_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_DOCS", tmp_path)
    (tmp_path / "images").mkdir()
    written = []
    for _ in range(2):
        figure = Figure()
        figure.suptitle("What it shows")
        figure.subplots().plot([1, 2])
        assert document.save_plot(figure, "a-plot") == "![What it shows](images/a-plot.svg)"
        written.append((tmp_path / "images" / "a-plot.svg").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("arguments", "command"),
    [([], "make bench"), (["--rounds", "7"], "make bench ARGS='--rounds 7'")],
)
def test_it_names_the_command_as_one_would_type_it(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], command: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
    assert document.as_typed("bench") == command
