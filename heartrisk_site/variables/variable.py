"""What one environment variable is, and what several of them share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

BASE_DIR: Final = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable. ``default`` None means: not set unless the reader sets it."""

    name: str
    kind: type
    default: object
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    example: str = ""
    secret: bool = False


PORT: Final[dict[str, Any]] = {"kind": int, "low": 1, "high": 65535}
HTTP: Final[dict[str, Any]] = {"kind": str, "default": None, "schemes": ("http", "https")}
