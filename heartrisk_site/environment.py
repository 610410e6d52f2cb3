"""Reads the environment variables of ``variables.py`` and checks their values."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import environ

from heartrisk_site.variables import BY_NAME, Variable

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class BadConfiguration(SystemExit):
    """Stops the start with one line that names the variable."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"heartrisk: {sentence}")


class Environment:
    """Reads and checks the variables; the real environment wins over ``.env``."""

    def __init__(self, dotenv: Path | None = None) -> None:
        if dotenv is not None and dotenv.is_file():
            environ.Env.read_env(dotenv)
        self._env = environ.Env()

    def get(self, name: str) -> Any:
        """The checked value of a variable of the table, or its default."""
        variable = BY_NAME[name]
        raw = self._env.str(name, default="").strip()
        if raw == "":
            default = variable.default
            return list(default) if isinstance(default, tuple) else default
        value = _PARSERS[variable.kind](name, raw)
        _check_range(variable, value)
        _check_words(variable, value)
        return value


def _whole_number(name: str, raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise BadConfiguration(f"{name}={raw!r} is not a whole number.") from None


def _truth(name: str, raw: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False}
    if raw.lower() not in words:
        raise BadConfiguration(f"{name}={raw!r} is neither true nor false.")
    return words[raw.lower()]


_PARSERS: Final[dict[type, Callable[[str, str], Any]]] = {
    str: lambda _name, raw: raw,
    list: lambda _name, raw: [part.strip() for part in raw.split(",") if part.strip()],
    int: _whole_number,
    bool: _truth,
}


def _check_range(variable: Variable, value: object) -> None:
    if not isinstance(value, int):
        return
    given = f"{variable.name}={value}"
    if variable.low is not None and value < variable.low:
        raise BadConfiguration(f"{given} is below the least allowed, {variable.low}.")
    if variable.high is not None and value > variable.high:
        raise BadConfiguration(f"{given} is above the most allowed, {variable.high}.")


def _check_words(variable: Variable, value: object) -> None:
    shown = "the given value" if variable.secret else repr(value)
    if variable.choices and value not in variable.choices:
        allowed = ", ".join(variable.choices)
        raise BadConfiguration(f"{variable.name}: {shown} is not one of {allowed}.")
    if variable.schemes and urlsplit(str(value)).scheme not in variable.schemes:
        allowed = ", ".join(f"{scheme}://" for scheme in variable.schemes)
        raise BadConfiguration(f"{variable.name}: {shown} does not begin with one of {allowed}.")
