"""A run takes minutes: what it has found so far."""

import sys
from collections.abc import Mapping


def say(where: str, milliseconds: Mapping[str, float]) -> None:
    found = ", ".join(f"{what} {time:.2f} ms" for what, time in milliseconds.items())
    sys.stderr.write(f"{where}: {found}\n")
