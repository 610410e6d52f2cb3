"""What is said of one part of the system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """``ok`` is None where there is nothing to judge: not configured, or just starting."""

    ok: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A part, and the figures that came with it, by their names in ``SystemState``."""

    part: Part
    figures: Mapping[str, Any] = field(default_factory=dict)
