"""``python3 -m tools.containers build|up|down [SERVICE...]``: docker compose, ready to use.

Any Python will do: whoever has Docker need not have the virtual environment.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from tools.containers import engine
from tools.run.console import say
from tools.run.dotenv import has_value, write_secret

ROOT: Final = Path(__file__).resolve().parent.parent.parent
# What docker-compose.yml demands.
SECRETS: Final = ("SECRET_KEY", "POSTGRES_PASSWORD", "KIBANA_ENCRYPTION_KEY")
_COMPOSE: Final = {
    "build": ("build",),
    "up": ("up", "--detach", "--wait"),
    "down": ("down",),
}
# It ends, so that `up --wait` must not wait for it.
_KIBANA_SETUP: Final = ("run", "--rm", "kibana-setup")


def main(arguments: list[str], root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.containers", description=__doc__)
    parser.add_argument("action", choices=_COMPOSE)
    parser.add_argument("services", nargs="*", metavar="SERVICE", help="default: all")
    options = parser.parse_args(arguments)
    problem = engine.missing()
    if problem:
        raise SystemExit(f"heartrisk: {problem}")
    write_missing_secrets(root)
    code = engine.compose([*_COMPOSE[options.action], *options.services], root)
    if options.action == "up" and code == 0:
        say("the services are healthy; docker compose ps lists them and their ports.")
        if not options.services:
            code = engine.compose(_KIBANA_SETUP, root)
        say("the administrator's password of a first start: docker compose logs web")
    return code


def write_missing_secrets(root: Path) -> None:
    """So that nobody has to make up a password, and none is in the repository."""
    dotenv = root / ".env"
    for name in SECRETS:
        if not os.environ.get(name) and not has_value(name, dotenv):
            write_secret(name, dotenv, root / ".env.example")
            say(f"wrote a new {name} into .env.")
    # Compose wants the file, even where the environment gives all that it demands.
    dotenv.touch(mode=0o600)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
