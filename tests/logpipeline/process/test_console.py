"""What a person at a terminal sees: progress on a terminal only, and a table of every number."""

import io
import re
from collections import Counter

import pytest

from logpipeline.delivery.counts import TOTALS, Counts
from logpipeline.process.console import ProgressBar, as_table

_ROW = re.compile(r"│ (?P<what>[^│]+?) +│ +(?P<count>[\d,]+) │")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def rows(counts: Counts) -> list[tuple[str, str]]:
    table = as_table("Title", counts)
    return [(row["what"], row["count"]) for row in _ROW.finditer(table)]


def test_every_total_is_a_row_even_where_it_is_nothing() -> None:
    assert rows(Counts()) == [(total, "0") for total in TOTALS]


def test_the_title_stands_above() -> None:
    assert as_table("Log pipeline", Counts()).splitlines()[0].strip() == "Log pipeline"


def test_parts_stand_indented_below_their_total() -> None:
    counts = Counts(read=1_234_567)
    counts.add_parts("filtered", Counter({"health checks": 2, "debug": 1}))
    found = rows(counts)
    assert found[0] == ("read", "1,234,567")
    start = found.index(("filtered", "3"))
    assert found[start + 1 : start + 3] == [("  debug", "1"), ("  health checks", "2")]


def test_rules_that_raised_have_a_row_where_there_are_any() -> None:
    counts = Counts()
    counts.add_parts("rule_errors", Counter({"fix": 3}))
    assert rows(counts)[len(TOTALS) :] == [("rule errors", "3"), ("  fix", "3")]


@pytest.mark.parametrize("name", ["[noise]", "[/noise]", "drop [bold]GET[/bold]", ":warning: slow"])
def test_a_name_is_no_markup(name: str) -> None:
    counts = Counts()
    counts.add_parts("filtered", Counter({name: 1}))
    assert (f"  {name}", "1") in rows(counts)


def test_a_long_name_takes_no_number_away() -> None:
    counts = Counts(read=7)
    counts.add_parts("filtered", Counter({"z" * 200: 1_000_000}))
    assert rows(counts)[0] == ("read", "7")
    table = as_table("Title", counts)
    assert (table.count("z"), table.count("1,000,000")) == (200, 2)


def test_the_bar_is_shown_on_a_terminal() -> None:
    terminal = Terminal()
    with ProgressBar(shown=True, stream=terminal) as bar:
        bar.show(30, 70)
    assert bar.is_shown
    assert "30/100" in terminal.getvalue()


def test_the_bar_leaves_nothing_behind() -> None:
    terminal = Terminal()
    with ProgressBar(shown=True, stream=terminal):
        pass
    # Up a line, and that line erased.
    assert terminal.getvalue().endswith("\x1b[1A\x1b[2K")


@pytest.mark.parametrize(("shown", "stream"), [(True, io.StringIO()), (False, Terminal())])
def test_no_bar_is_shown_elsewhere(shown: bool, stream: io.StringIO) -> None:
    with ProgressBar(shown=shown, stream=stream) as bar:
        bar.show(1, 1)
    assert (bar.is_shown, stream.getvalue()) == (False, "")


def test_it_is_for_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with ProgressBar(shown=True) as bar:
        bar.show(1, 1)
    assert "1/2" in terminal.getvalue()
