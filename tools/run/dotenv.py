"""The first ``.env``: ``.env.example`` with a random SECRET_KEY, readable by its owner only."""

import os
import re
import secrets
from pathlib import Path
from typing import Final

_RANDOM_BYTES: Final = 50


def write_secret_key(dotenv: Path, example: Path) -> None:
    """Fills the empty SECRET_KEY of ``.env``, which is made from the example if missing."""
    write_secret("SECRET_KEY", dotenv, example)


def write_secret(name: str, dotenv: Path, example: Path) -> None:
    """The same for a variable of any name: a random value, of letters, digits, ``-`` and ``_``."""
    text = (dotenv if dotenv.is_file() else example).read_text(encoding="utf-8")
    line = f"{name}={secrets.token_urlsafe(_RANDOM_BYTES)}"
    empty = re.compile(rf"^{name}=[ \t]*$", re.MULTILINE)
    text, filled = empty.subn(line, text, count=1)
    if not filled:
        text = f"{text.rstrip()}\n\n{line}\n"
    _replace(dotenv, text)


def has_value(name: str, dotenv: Path) -> bool:
    """Whether ``.env`` gives the variable a value that is not empty."""
    if not dotenv.is_file():
        return False
    given = re.compile(rf"^[ \t]*(?:export[ \t]+)?{name}[ \t]*=[ \t]*[^\s#]", re.MULTILINE)
    return given.search(dotenv.read_text(encoding="utf-8")) is not None


def _replace(path: Path, text: str) -> None:
    """Writes beside and renames: a crash leaves the old file or the new one, never half."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
