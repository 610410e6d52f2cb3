"""``python -m tools.containers.web``: the web process of a container; its engine supervises it."""

import os

from heartrisk_site.environment import BadConfiguration, Environment
from heartrisk_site.variables import BASE_DIR, VARIABLES
from tools.run.address import resolve
from tools.run.cpus import workers
from tools.run.web import main as serve


def main() -> None:
    env = Environment()
    # Each is read once, so that a bad one stops the start before anything else.
    for variable in VARIABLES:
        env.get(variable.name)
    check_spool(env)
    address = resolve(env.get("API_HOST"), env.get("API_PORT"))
    processes = env.get("WEB_WORKERS") or workers()
    serve([address.host, str(address.port), str(processes)])


def check_spool(env: Environment) -> None:
    """A volume that belongs to somebody else would be noticed only when Redis is away."""
    spool = BASE_DIR / env.get("VAR_DIR") / "spool"
    try:
        spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        writable = os.access(spool, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise BadConfiguration(f"user {os.getuid()} cannot write to {spool}. Give it the volume.")


if __name__ == "__main__":
    main()
