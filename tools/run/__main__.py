"""``python -m tools.run [--dev]``: the whole site, until Ctrl-C."""

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from heartrisk_site.environment import BadConfiguration, Environment
from heartrisk_site.redis_url import is_embedded
from heartrisk_site.variables import BASE_DIR, VARIABLES
from tools.run import alerts, log_pipeline, valkey
from tools.run.address import Address, check_free, resolve, status_of
from tools.run.console import say
from tools.run.cpus import workers
from tools.run.dotenv import write_secret_key
from tools.run.record import Record
from tools.run.supervisor import Service, Supervisor

_DEV = {"DEBUG": "true", "ENABLE_SILK": "true"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.run", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="reload on changes, debug pages, silk")
    dev: bool = parser.parse_args().dev
    # The children import our packages and find `manage.py` from here, wherever make was called.
    os.chdir(BASE_DIR)
    env = checked_environment(BASE_DIR / ".env")
    address = resolve(env.get("API_HOST"), env.get("API_PORT"))
    var_dir = writable_var_dir(env)
    record = Record(var_dir)
    record.claim()
    for name in record.end_leftovers():
        say(f"ended the {name} that a killed run had left.")
    check_free(address)
    for_the_log, waits = log_pipeline.services(env, var_dir)
    supervisor = Supervisor(
        [
            *_valkey(env, var_dir),
            _web(env, address, dev),
            *for_the_log,
            *alerts.services(env),
        ],
        on_ready=lambda: _announce(address, env.get("ALLOWED_HOSTS"), waits),
        on_change=lambda pids: record.write(address.url, pids),
    )
    code = supervisor.run()
    record.clear()
    say("ended.")
    return code


def checked_environment(dotenv: Path) -> Environment:
    """Every variable is read once, so that a bad one stops the start before anything else."""
    env = Environment(dotenv)
    for variable in VARIABLES:
        env.get(variable.name)
    if not env.get("SECRET_KEY"):
        write_secret_key(dotenv, BASE_DIR / ".env.example")
        say("wrote .env with a new SECRET_KEY.")
        os.environ.pop("SECRET_KEY", None)
        env = Environment(dotenv)
    return env


def writable_var_dir(env: Environment) -> Path:
    """VAR_DIR, made where it is missing, for its user only: it will hold health data."""
    var_dir: Path = (BASE_DIR / env.get("VAR_DIR")).resolve()
    try:
        var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadConfiguration(
            f"VAR_DIR={str(var_dir)!r} cannot be made: {error.strerror}"
        ) from None
    if not os.access(var_dir, os.W_OK | os.X_OK):
        raise BadConfiguration(f"VAR_DIR={str(var_dir)!r} cannot be written by this user.")
    return var_dir


def _valkey(env: Environment, var_dir: Path) -> list[Service]:
    """The embedded Valkey, where the environment names no Redis."""
    if not is_embedded(env):
        return []
    command = valkey.configure(var_dir)
    return [Service("valkey", command, answers=lambda: valkey.answers(var_dir))]


def _web(env: Environment, address: Address, dev: bool) -> Service:
    command = [sys.executable, "-m", "tools.run.web"]
    if dev:
        command += ["--dev", address.host, str(address.port)]
    else:
        processes = env.get("WEB_WORKERS") or workers()
        command += [address.host, str(address.port), str(processes)]
    return Service(
        "web",
        command,
        answers=lambda: status_of(address, "/health/live") is not None,
        environment=_DEV if dev else {},
    )


def _announce(address: Address, names: list[str], waits: str) -> None:
    if waits:
        say(waits)
    if status_of(address, "/health/ready", timeout=10) != 200:
        say(f"predictions cannot be answered yet; {address.url}health says why.")
    if address.is_every_address:
        say(f"listening on every address, answering to ALLOWED_HOSTS only: {', '.join(names)}.")
    say(f"ready at {address.url}  (Ctrl-C ends it)")


if __name__ == "__main__":
    # Ctrl-C before the supervisor listens for it.
    with suppress(KeyboardInterrupt):
        sys.exit(main())
