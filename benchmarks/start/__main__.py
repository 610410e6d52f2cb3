"""``python -m benchmarks.start``: how soon the site is ready, and how much memory it has.

Beside a bare FastAPI service with the same model. Writes the section of docs/performance.md;
``--quick`` prints it instead. Needs Linux.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psutil

from benchmarks.check import SAME
from benchmarks.document import environment_line, put_section
from benchmarks.start import memory, services
from benchmarks.start.production import HIDDEN, HIDDEN_FROM_SITE, hide
from benchmarks.start.ready import BARE, SITE, forget_files, start
from benchmarks.start.report import Results, Starts, section
from tools.clean_environment import clean_environment

_FORGOTTEN: Final = 3
# Nobody listens there: the log pipeline starts, and waits for it.
_NO_ELASTICSEARCH: Final = "http://127.0.0.1:1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="new processes of each service")
    parser.add_argument("--warm", type=int, default=5, help="how many warm starts of make run")
    parser.add_argument("--predictions", type=int, default=20_000, help="before memory is read")
    parser.add_argument("--quick", action="store_true", help="one of each; prints, writes nothing")
    options = parser.parse_args()
    if options.quick:
        options.rounds = options.warm = 1
    with tempfile.TemporaryDirectory(prefix="heartrisk-") as folder:
        results = measure(Path(folder), options.rounds, options.warm, options.predictions)
    text = f"{environment_line()}\n\n{section(results)}"
    if options.quick:
        sys.stdout.write(f"{text}\n")
    else:
        put_section("start", text)


def measure(folder: Path, rounds: int, warm: int, predictions: int) -> Results:
    """``folder``: empty."""
    environments = {
        SITE: clean_environment(
            VAR_DIR=str(folder / "var"),
            ES_URL=_NO_ELASTICSEARCH,
            **hide(HIDDEN_FROM_SITE, folder / "hidden-from-site"),
        ),
        BARE: clean_environment(**hide(HIDDEN, folder / "hidden")),
    }
    with services.make_run(environments[SITE]) as site:
        first = site.seconds
    later = []
    for _ in range(warm):
        with services.make_run(environments[SITE]) as site:
            later.append(site.seconds)
    with services.make_run(environments[SITE]) as site:
        probabilities = site.predict(predictions)
        of_site = memory.of_site(site.pid)
    with services.bare(environments[BARE]) as bare:
        probabilities |= bare.predict(predictions)
        of_bare = memory.of_process(psutil.Process(bare.pid), BARE)
    if max(probabilities) - min(probabilities) > SAME:
        raise SystemExit(f"the services disagree: {sorted(probabilities)}")
    return Results(
        starts=in_turns(environments, rounds, forget=False),
        forgotten=in_turns(environments, min(rounds, _FORGOTTEN), forget=True),
        make_run_first=first,
        make_run_later=later,
        predictions=predictions,
        site=of_site,
        bare=of_bare,
    )


def in_turns(environments: Mapping[str, dict[str, str]], rounds: int, *, forget: bool) -> Starts:
    """``forget``: each after the system has forgotten the files."""
    starts: Starts = {SITE: [], BARE: []}
    for _ in range(rounds):
        for service, found in starts.items():
            if forget:
                forget_files()
            found.append(start(service, environments[service]))
    return starts


if __name__ == "__main__":
    main()
