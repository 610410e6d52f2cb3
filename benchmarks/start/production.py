"""Measures what `make run` installs, in an environment where development's packages are, too.

Some packages import others only where these are installed: scikit-learn imports pandas, 0.1 s and
30 MB that no site pays for which `make run` has installed. So they are hidden from what is
measured, and from the bare service as well; a run in which another one is loaded does not count.
"""

import re
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
# Who imports them: scikit-learn the first two, Django REST framework, NumPy.
HIDDEN: Final = ("pandas", "matplotlib", "requests", "charset_normalizer")
# redis imports it where it is; FastAPI needs it.
HIDDEN_FROM_SITE: Final = (*HIDDEN, "opentelemetry")
# Every virtual environment has them, and one loads the other at Python's start.
_ALWAYS: Final = {"pip", "setuptools"}


def hide(names: Iterable[str], folder: Path) -> dict[str, str]:
    """Changes of a process' environment, after which those packages seem not to be installed."""
    folder.mkdir()
    for name in names:
        text = f"raise ModuleNotFoundError(\"No module named '{name}'\", name={name!r})\n"
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def not_installed(modules: Iterable[str]) -> set[str]:
    """The packages of these modules that requirements.txt does not name."""
    installed = _locked() | _ALWAYS
    of_package = packages_distributions()
    found = set()
    for package in {module.partition(".")[0] for module in modules}:
        # Without one it is Python's or ours.
        names = {_canonical(name) for name in of_package.get(package, ())}
        if names and not names & installed:
            found.add(package)
    return found


def _locked() -> set[str]:
    text = (_ROOT / "requirements.txt").read_text(encoding="utf-8")
    return {_canonical(name) for name in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", text, re.M)}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
