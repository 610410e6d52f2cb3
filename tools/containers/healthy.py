"""``python -m tools.containers.healthy``: exits 0 if this container's web server answers.

Asks /health/live only: where the model or Redis is missing, a restart would mend nothing.
"""

import http.client
import sys

from heartrisk_site.environment import Environment

_TIMEOUT_S = 4


def main() -> int:
    env = Environment()
    return 0 if answers(env.get("API_PORT"), host_name(env.get("ALLOWED_HOSTS"))) else 1


def host_name(allowed: list[str]) -> str:
    """A name that the site answers to; ``*`` allows any, ``.example`` the domain itself too."""
    name = allowed[0] if allowed else "*"
    return "localhost" if name == "*" else name.lstrip(".")


def answers(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/health/live", headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
