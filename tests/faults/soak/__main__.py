"""``python -m tests.faults.soak``, which is `make soak`: exit code 0 where all counts agree."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

# The settings read what it puts into the environment.
from tests import environment


def main() -> int:
    parser = ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--transactions", type=int, default=50_000)
    parser.add_argument("--restarts", type=int, default=2, help="of each server")
    parser.add_argument("--kills", type=int, default=20, help="of the pipeline, at least")
    parser.add_argument("--seconds", type=float, default=90, help="that writing takes, unhindered")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    django.setup()
    try:
        with TemporaryDirectory(prefix="heartrisk-soak-") as folder:
            return soak(Path(folder), **vars(arguments))
    finally:
        environment.pytest_unconfigure()


def soak(folder: Path, **plan: Any) -> int:
    """The exit code; the arguments are those of ``Plan``."""
    from rich.console import Console

    from tests.conftest import Valkey
    from tests.elasticsearch import HOME, ElasticsearchNode
    from tests.faults.pipeline import World
    from tests.faults.soak.soak import Plan, Soak
    from tools.elasticsearch.node import install

    install(HOME)
    valkey, node = Valkey(folder / "valkey"), ElasticsearchNode(folder / "elasticsearch")
    try:
        valkey.start()
        node.start()
        world = World(folder / "var", valkey, node.url, "soak-")
        report = Soak(world, node, Plan(**plan)).run()
    finally:
        node.kill()
        valkey.kill()
    report.show(Console())
    failures = report.failures()
    sys.stdout.write("\n".join([*failures, "FAILED\n" if failures else "All counts agree.\n"]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
