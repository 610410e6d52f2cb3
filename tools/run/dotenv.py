"""The first ``.env``: ``.env.example`` with a random SECRET_KEY, readable by its owner only."""

import os
import re
import secrets
from pathlib import Path
from typing import Final

_EMPTY_KEY: Final = re.compile(r"^SECRET_KEY=[ \t]*$", re.MULTILINE)


def write_secret_key(dotenv: Path, example: Path) -> None:
    """Fills the empty SECRET_KEY of ``.env``, which is made from the example if missing."""
    text = (dotenv if dotenv.is_file() else example).read_text(encoding="utf-8")
    line = f"SECRET_KEY={secrets.token_urlsafe(50)}"
    text, filled = _EMPTY_KEY.subn(line, text, count=1)
    if not filled:
        text = f"{text.rstrip()}\n\n{line}\n"
    _replace(dotenv, text)


def _replace(path: Path, text: str) -> None:
    """Writes beside and renames: a crash leaves the old file or the new one, never half."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
