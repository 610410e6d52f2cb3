"""``python -m benchmarks.growth``: three curves, and ``docs/performance.md`` with them.

Latency against requests a second up to saturation; what the window of latest transactions
and the stream's backlog cost as they grow. A run takes about six minutes.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

from benchmarks.world import world


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="of each rate")
    parser.add_argument("--quick", action="store_true", help="a smoke run; docs/ stays as it is")
    parser.add_argument("--es-url", default="", help="an Elasticsearch that runs already")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="heartrisk-") as folder,
        world(Path(folder), options.es_url) as here,
    ):
        os.environ.update(here.environment)
        django.setup()
        # What it measures imports the site's apps.
        from benchmarks.growth import section

        if options.quick:
            sys.stdout.write(section.text(section.measure(here, section.QUICK, rounds=1)))
        else:
            section.write(section.measure(here, section.FULL, options.rounds))


if __name__ == "__main__":
    main()
