"""``docs/configuration.md`` and ``.env.example``, from the table of environment variables."""

import textwrap
from typing import Final

from heartrisk_site.variables import BASE_DIR, VARIABLES, Variable

_KINDS: Final = {int: "whole number", bool: "true or false", str: "text", list: "list"}

_INTRODUCTION: Final = """\
<!-- Made from heartrisk_site/variables/ by `make docs`. Do not edit. -->
# Configuration

Everything is set by environment variables. A file `.env` beside `manage.py` is read where it
exists; the environment wins over it, and so does `make run NAME=value`. The first `make run`
makes `.env` from [.env.example](../.env.example) with a random `SECRET_KEY`. A value that cannot
be right stops the start with one line that names the variable. An empty value means: not set.

| variable | default | meaning |
|---|---|---|
"""
_EXAMPLE_HEADER: Final = """\
# Made from heartrisk_site/variables/ by `make docs`. Do not edit .env.example;
# the first `make run` copies it to .env, which is yours. docs/configuration.md says more.
"""


def markdown() -> str:
    """The page of all variables."""
    return _INTRODUCTION + "".join(map(_row, VARIABLES))


def dotenv_example() -> str:
    """Each variable with its default; commented out where setting it changes something."""
    return _EXAMPLE_HEADER + "".join(map(_example, VARIABLES))


def _row(variable: Variable) -> str:
    default = f"`{_default(variable)}`" if _default(variable) else "-"
    meaning = f"{variable.help} ({_KINDS[variable.kind]}{_limits(variable)})"
    return f"| `{variable.name}` | {default} | {meaning} |\n"


def _limits(variable: Variable) -> str:
    if variable.choices:
        return f": {', '.join(variable.choices)}"
    if variable.schemes:
        return f", begins with {', '.join(f'{scheme}://' for scheme in variable.schemes)}"
    if variable.low is not None and variable.high is not None:
        return f", {variable.low:,} to {variable.high:,}"
    return ""


def _default(variable: Variable) -> str:
    """As it is written in a file: no path of this machine, "" for none."""
    value = variable.default
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).removeprefix(f"{BASE_DIR}/")


def _example(variable: Variable) -> str:
    default = _default(variable)
    is_path = str(variable.default).startswith(str(BASE_DIR))
    if variable.name == "SECRET_KEY" or (default and not is_path):
        line = f"{variable.name}={default}"
    else:
        line = f"# {variable.name}={default or variable.example}"
    why = textwrap.fill(variable.help, 88, initial_indent="# ", subsequent_indent="# ")
    return f"\n{why}\n{line}\n"
