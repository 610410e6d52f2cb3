"""The compose file, the Dockerfile and .dockerignore, as their tests read them."""

import re
from typing import Any, Final

import yaml

from heartrisk_site.variables import BASE_DIR

COMPOSE: Final[dict[str, Any]] = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
# The services that run the project's image.
OURS: Final = sorted(name for name, one in SERVICES.items() if one["image"] == "heartrisk")
DOCKERFILE: Final = (BASE_DIR / "Dockerfile").read_text()
PAGE: Final = (BASE_DIR / "docs" / "containers.md").read_text()
# ${NAME:-default} and ${NAME:?sentence}: the forms that the file uses.
_INTERPOLATION: Final = re.compile(r"\$\{(?P<name>\w+):(?P<form>[-?])(?P<text>[^}]*)\}")


def interpolated(text: str) -> str:
    """As with nothing set: the defaults, and ``given-NAME`` for what must be given."""
    return _INTERPOLATION.sub(
        lambda found: found["text"] if found["form"] == "-" else f"given-{found['name']}", text
    )


def demanded() -> set[str]:
    """Names of the variables without which compose refuses the file."""
    text = (BASE_DIR / "docker-compose.yml").read_text()
    return {one["name"] for one in _INTERPOLATION.finditer(text) if one["form"] == "?"}


def environment(service: str) -> dict[str, str]:
    """The variables that the file itself sets for a service."""
    given: dict[str, str] = SERVICES[service].get("environment", {})
    return {name: interpolated(value) for name, value in given.items()}


def published(service: str) -> list[tuple[str, int, int]]:
    """(address, port on this machine, port in the container) of each published port."""
    ports = [interpolated(port).rsplit(":", 2) for port in SERVICES[service].get("ports", [])]
    return [(address, int(here), int(inside)) for address, here, inside in ports]


def instructions(keyword: str) -> list[str]:
    """What follows the keyword in the Dockerfile, one line an instruction."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return [
        line.partition(" ")[2] for line in joined.splitlines() if line.startswith(f"{keyword} ")
    ]


def enters_image(path: str) -> bool:
    """Whether .dockerignore lets a file into the build: the last line that matches decides."""
    lines = (BASE_DIR / ".dockerignore").read_text().splitlines()
    enters = True
    for line in lines:
        if line and not line.startswith("#") and _matches(path, line.removeprefix("!")):
            enters = line.startswith("!")
    return enters


def _matches(path: str, pattern: str) -> bool:
    """The pattern names the path itself or a folder above it; only ``*`` and ``**/`` are used."""
    words = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(f"{words}(?:/.*)?", path) is not None
