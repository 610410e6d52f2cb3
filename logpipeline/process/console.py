"""What a person at a terminal sees of ``run_log_pipeline --once``: progress, then a summary."""

import sys
from types import TracebackType
from typing import Final, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from logpipeline.delivery.counts import TOTALS, Counts

# A part of a total in the table, indented below it.
_PART: Final = "  "
_WIDTH: Final = 100


class ProgressBar:
    """Nothing where the output is no terminal: log files do not want it."""

    def __init__(self, *, shown: bool, stream: TextIO | None = None) -> None:
        """On stderr, if no stream is given."""
        stream = stream or sys.stderr
        self.is_shown = shown and stream.isatty()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(file=stream),
            disable=not self.is_shown,
            transient=True,
        )
        self._task = self._progress.add_task("entries", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, done: int, left: int) -> None:
        self._progress.update(self._task, completed=done, total=done + left)


def as_table(title: str, counts: Counts) -> str:
    """Every total, and its parts below it where there are any."""
    table = Table(title=title, title_justify="left", min_width=len(title) + 2)
    # A long name takes several lines, and leaves room for the numbers.
    table.add_column("what", overflow="fold")
    table.add_column("how many", justify="right", no_wrap=True)
    for total in (*TOTALS, "rule_errors"):
        if total in TOTALS or counts[total]:
            table.add_row(total.replace("_", " "), f"{counts[total]:,}")
        for part, count in counts.parts(total).items():
            # As it is: a rule's name may look like markup.
            table.add_row(Text(_PART + part), f"{count:,}")
    console = Console(width=_WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get().rstrip()
