"""``python -m benchmarks``: POST /predict beside a bare service and the prototype's shape.

The services take turns in every round, so that a busy moment of the machine hits all of
them. Writes its section of docs/performance.md.
"""

import argparse
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks.check import PATH, Log
from benchmarks.contenders import BARE, BY_KEY, GUNICORN, USUAL, Contender
from benchmarks.document import as_typed, environment_line, put_section, save_plot
from benchmarks.load.asyncio_client import AsyncioClient
from benchmarks.load.load import Driver
from benchmarks.load.wrk import Wrk
from benchmarks.plot import figure
from benchmarks.report import introduction, tables, target_table
from benchmarks.results import Results
from benchmarks.rounds import compare, measure
from benchmarks.services import running
from predictions.features import EXAMPLE

_QUICK_S: Final = 1.0


def main() -> None:
    options = _options()
    rounds, seconds = options.rounds, options.seconds
    if options.quick:
        rounds, seconds = 1, min(seconds, _QUICK_S)
    driver = _driver(options.driver)
    contenders = _contenders(options.only, gunicorn=options.gunicorn)
    with (
        tempfile.TemporaryDirectory(prefix="heartrisk-") as folder,
        running(Path(folder), contenders, sorted({1, options.workers})) as services,
        closing(Log.of(Path(folder))) as log,
    ):
        compare(services, log)
        results = measure(services, driver, log, rounds, seconds)
    intro = introduction(
        command=as_typed("bench"), rounds=rounds, seconds=seconds, driver=driver.name, log=log
    )
    # Neither a smoke run nor a part may stand where the whole is looked for.
    _publish(results, intro, write=not (options.quick or options.only))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=4, help="of each turn with one client and with 32"
    )
    parser.add_argument("--quick", action="store_true", help="one short round, nothing is written")
    parser.add_argument("--gunicorn", action="store_true", help="heartrisk on gunicorn, too")
    parser.add_argument(
        "--only", choices=BY_KEY, action="append", help="beside bare FastAPI; nothing is written"
    )
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="of the second table"
    )
    parser.add_argument("--driver", choices=("wrk", "asyncio"), help="wrk where it is installed")
    return parser.parse_args()


def _driver(asked: str | None) -> Driver:
    if asked == "wrk" or (asked is None and Wrk.is_here()):
        return Wrk(PATH, EXAMPLE)
    return AsyncioClient(PATH, EXAMPLE)


def _contenders(only: list[str] | None, *, gunicorn: bool) -> list[Contender]:
    """Bare FastAPI is always among them: the ratios are to it."""
    wanted = {BARE.key, *only} if only else {contender.key for contender in USUAL}
    if gunicorn:
        wanted.add(GUNICORN.key)
    return [contender for key, contender in BY_KEY.items() if key in wanted]


def _publish(results: Results, intro: str, *, write: bool) -> None:
    parts = [intro, tables(results), target_table(results), environment_line()]
    if write:
        parts.insert(2, save_plot(figure(results), "performance-requests"))
        put_section("requests", "\n\n".join(parts))
    sys.stdout.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
