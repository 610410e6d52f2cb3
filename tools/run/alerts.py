"""The evaluator of the alerts beside the site."""

import sys

from heartrisk_site.environment import Environment
from tools.run.supervisor import Service


def services(env: Environment) -> list[Service]:
    """None where the site logs nothing: what alerts measure is in the log."""
    if not env.get("LOG_TO_REDIS"):
        return []
    # After the web server, which brings the tables up to date; and the site is ready sooner.
    return [
        Service(
            "alerts",
            [sys.executable, "manage.py", "check_alerts", "--continuous", "--verbosity", "0"],
            answers=lambda: True,
            essential=False,
            starts_after="web",
        )
    ]
