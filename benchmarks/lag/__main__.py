"""``python -m benchmarks.lag``: seconds from a prediction's answer until it can be searched for.

Everything runs as `make run` starts it, with the real Elasticsearch; requests come by a
schedule, batches among them. It refuses to report where one transaction is missing.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

import psutil

from benchmarks.document import put_section
from benchmarks.lag.ledger import EXPECTED, Ledger
from benchmarks.lag.report import Round, markdown
from benchmarks.lag.searcher import Searcher
from benchmarks.lag.traffic import planned, write_down
from benchmarks.open_loop import run
from benchmarks.services import wait_until
from benchmarks.world import whole_site

_WARM_UP_S: Final = 5.0
_FOUND_WITHIN_S: Final = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lag", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=200.0, help="requests a second")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a smoke run; docs/ stays as it is")
    parser.add_argument("--es-url", default="", help="an Elasticsearch that runs already")
    options = parser.parse_args()
    seconds, rate = (2.0, 20.0) if options.quick else (options.seconds, options.rate)
    with tempfile.TemporaryDirectory(prefix="heartrisk-") as folder:
        rounds = measure(Path(folder), options.es_url, seconds, rate, options.rounds)
    section = markdown(rounds, seconds, rate)
    if options.quick:
        sys.stdout.write(section)
    else:
        put_section("lag", section)


def measure(var_dir: Path, es_url: str, seconds: float, rate: float, rounds: int) -> list[Round]:
    ledger = Ledger()
    with whole_site(var_dir, es_url) as (world, port):
        environment = world.environment
        with Searcher(environment["ES_URL"], environment["ES_INDEX_PREFIX"], ledger):
            # Java is cold, and the first document of a day makes its index.
            round_of(port, ledger, min(seconds, _WARM_UP_S), rate)
            return [round_of(port, ledger, seconds, rate) for _ in range(rounds)]


def round_of(port: int, ledger: Ledger, seconds: float, rate: float) -> Round:
    """Ends when every transaction has been found."""
    ledger.start_anew()
    psutil.cpu_percent()
    run(port, list(planned(rate, seconds)), on_answer=lambda each: write_down(each, ledger))
    busy = psutil.cpu_percent() / 100
    try:
        wait_until(lambda: not ledger.missing(), within=_FOUND_WITHIN_S)
    except TimeoutError:
        missing = len(ledger.missing())
        raise SystemExit(
            f"{missing} of {len(ledger.transactions)} transactions were answered "
            f"and not found within {_FOUND_WITHIN_S:g} s"
        ) from None
    lags: dict[str, list[float]] = {kind: [] for kind in EXPECTED}
    for transaction in ledger.transactions.values():
        lags[transaction.kind].append(transaction.lag)
    return Round(lags, busy)


if __name__ == "__main__":
    main()
