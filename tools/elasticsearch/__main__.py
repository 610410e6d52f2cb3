"""``python -m tools.elasticsearch``: a node in the foreground, until Ctrl-C or SIGTERM."""

import argparse
import fcntl
import os
import socket
import sys
from pathlib import Path
from typing import Final

from heartrisk_site.environment import BadConfiguration, Environment
from heartrisk_site.variables import BASE_DIR
from tools.elasticsearch import node
from tools.run.address import free_port
from tools.run.console import say

HOST: Final = "127.0.0.1"


def main(arguments: list[str] | None = None) -> None:
    options = _options(arguments)
    missing = node.available()
    if missing:
        raise BadConfiguration(f"Elasticsearch cannot run here: {missing}.")
    env = Environment(BASE_DIR / ".env")
    home = (BASE_DIR / env.get("VAR_DIR")).resolve() / "elasticsearch"
    data: Path = options.data.resolve() if options.data else home
    try:
        node.prepare(data)
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfiguration(f"{error.filename} cannot be made: {error.strerror}.") from None
    claim(data)
    if not node.is_installed(home):
        say(
            f"fetching Elasticsearch {node.VERSION} from Maven Central; "
            "the first time takes a minute or two."
        )
        node.install(home)
    port = choose_port(options.port, env.get("ES_PORT") or 9200)
    (home / "port").write_text(str(port), encoding="utf-8")
    if not options.quiet:
        say(f"Elasticsearch at http://{HOST}:{port}, its log in {data / 'logs'}  (Ctrl-C ends it)")
    java = node.command(home, data, port, settings=dict(options.setting))
    os.execv(java[0], java)


def claim(data: Path) -> None:
    """Locks the node's folder for as long as this process lives, as Java too."""
    lock = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise BadConfiguration(f"a node runs already in {data}.") from None
    os.set_inheritable(lock, True)


def is_running(data: Path) -> bool:
    """Whether a node holds the lock of this folder."""
    if not (data / "lock").is_file():
        return False
    with (data / "lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def choose_port(demanded: int | None, preferred: int) -> int:
    """The one demanded, or else the preferred one, or else a free one."""
    if demanded is None:
        return preferred if is_free(preferred) else free_port()
    if not is_free(demanded):
        raise BadConfiguration(f"port {demanded} is in use. Choose another by --port.")
    return demanded


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.elasticsearch", description=__doc__)
    parser.add_argument("--port", type=int, help="default: ES_PORT, or a free one")
    parser.add_argument(
        "--data", type=Path, help="the node's folder, default VAR_DIR/elasticsearch"
    )
    parser.add_argument("--quiet", action="store_true", help="do not print the address")
    parser.add_argument(
        "--setting",
        type=_setting,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="one more of Elasticsearch's settings; may be repeated",
    )
    return parser.parse_args(arguments)


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


if __name__ == "__main__":
    main(sys.argv[1:])
