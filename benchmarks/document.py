"""Where results go: the marked sections of ``docs/performance.md`` and the plots beside it."""

import os
import platform
import re
import shlex
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

_DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
PERFORMANCE: Final = _DOCS / "performance.md"
_PACKAGES: Final = {
    "Django": "django",
    "granian": "granian",
    "FastAPI": "fastapi",
    "uvicorn": "uvicorn",
    "scikit-learn": "scikit-learn",
}
# Without it every run would change every id, and with it the whole file.
_SALT: Final = "heartrisk"


def put_section(name: str, markdown: str, path: Path = PERFORMANCE) -> None:
    """Replace what stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``.

    SystemExit, naming the marker, where one is missing.
    """
    text = path.read_text(encoding="utf-8")
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    found = re.search(f"{re.escape(begin)}.*?{re.escape(end)}", text, re.DOTALL)
    if found is None:
        missing = end if begin in text else begin
        raise SystemExit(f"{path.name} has no {missing}: the results have no place there")
    section = f"{begin}\n{markdown.strip()}\n{end}"
    path.write_text(text[: found.start()] + section + text[found.end() :], encoding="utf-8")


def as_typed(target: str) -> str:
    """The command that started this run, as one would type it again."""
    arguments = shlex.join(sys.argv[1:])
    return f"make {target}" + (f" ARGS={shlex.quote(arguments)}" if arguments else "")


def environment_line() -> str:
    """The machine, the versions and the day of a run, as one sentence."""
    versions = ", ".join(f"{name} {version(package)}" for name, package in _PACKAGES.items())
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on a machine with {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {versions}."
    )


def save_plot(figure: Figure, name: str) -> str:
    """Write ``docs/images/NAME.svg``; its Markdown image, relative to ``docs/``.

    The alternative text is the figure's title, or the name where it has none.
    """
    target = _DOCS / "images" / f"{name}.svg"
    with mpl.rc_context({"svg.hashsalt": _SALT}):
        # White also where the page is dark: the texts are black.
        figure.savefig(target, facecolor="white", metadata={"Date": None}, bbox_inches="tight")
    text = figure.get_suptitle() or name.replace("-", " ")
    return f"![{text}](images/{name}.svg)"
