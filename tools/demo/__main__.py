"""``python -m tools.demo``: a week of invented visits on a site of its own, until Ctrl-C.

Nothing of the developer's own site is read or written: not its .env, nor its var/, nor the
servers that the environment names.
"""

import argparse
import os
import secrets
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

import django

from heartrisk_site.variables import BASE_DIR
from tools.demo.folder import FOLDER, borrow_jars, environment, record_port, take
from tools.demo.site import EndedError, Site
from tools.elasticsearch import node
from tools.run.address import check_free, free_port, resolve
from tools.run.console import say

USER: Final = "demo"
REQUESTS: Final = 10_000
_FEWEST: Final = 100
_MOST: Final = 200_000
# Beside the requests of the week there are the slow hour's and more, and those of visitors.
_ROOM: Final = 5_000
# Where Elasticsearch has the week, the window in Redis need not.
_USUAL_WINDOW: Final = 1_000
# With fewer requests the slow hour would be most of the week.
_SHORT_WEEK: Final = 5_000
_HOST: Final = "127.0.0.1"


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    os.chdir(BASE_DIR)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    port = options.port or free_port()
    address = resolve(_HOST, port)
    check_free(address)
    # Held as long as this process lives.
    take(options.folder)
    indexed = _prepare_environment(options, port)
    password = _prepare_site()
    try:
        with Site(address) as site:
            _play(site, options.requests, indexed=indexed)
            say(f"sign in as {USER!r}, the password (shown only now): {password}")
            say(f"this took {time.monotonic() - began:.0f} s. Ctrl-C ends the demonstration.")
            if not options.once:
                site.serve()
    except KeyboardInterrupt:
        pass
    except EndedError:
        return 1
    say("the demonstration has ended.")
    return 0


def _prepare_environment(options: argparse.Namespace, port: int) -> bool:
    """Sets this process's, which the site inherits; whether Elasticsearch is there soon."""
    wanted = options.elasticsearch and not node.available()
    borrow_jars(options.folder)
    soon = wanted and node.is_installed(options.folder / "elasticsearch")
    if not wanted:
        # The site says why.
        say("without Elasticsearch the charts read Redis, which holds the whole week.")
    window = _USUAL_WINDOW if soon else options.requests + _ROOM
    os.environ.update(environment(options.folder, port, window, elasticsearch=wanted))
    if wanted:
        # Our settings are read before the site chooses it: this one is free.
        record_port(options.folder, os.environ["ES_PORT"])
    return soon


def _prepare_site() -> str:
    """Tables and the one user, whose password it returns."""
    django.setup()
    # Both need Django's apps.
    from django.contrib.auth import get_user_model

    from tools.run.prepare import migrate

    migrate()
    password = secrets.token_urlsafe(15)
    get_user_model().objects.create_superuser(username=USER, password=password)
    return password


def _play(site: Site, requests: int, *, indexed: bool) -> None:
    site.wait_until_ready()
    from tools.demo.performance import perform

    slow_for = timedelta(minutes=60 if requests >= _SHORT_WEEK else 15)
    perform(site, requests, slow_for, indexed=indexed)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="play the week and end")
    parser.add_argument(
        "--requests", type=_requests, default=REQUESTS, help="in the week, about; 10,000"
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=os.environ.get("DEMO_PORT") or "0",
        help="where the site listens; DEMO_PORT, or any free one",
    )
    parser.add_argument(
        "--folder", type=_folder, default=FOLDER, help="of everything it writes; var/demo"
    )
    parser.add_argument(
        "--without-elasticsearch",
        dest="elasticsearch",
        action="store_false",
        help="the charts read Redis only",
    )
    return parser.parse_args(arguments)


def _folder(text: str) -> Path:
    return Path(text).resolve()


def _requests(text: str) -> int:
    return _whole_number(text, _FEWEST, _MOST)


def _port(text: str) -> int:
    """0 is any free one."""
    return _whole_number(text, 0, 65_535)


def _whole_number(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
