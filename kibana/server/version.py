"""Which Kibana the assets are made for."""

from typing import Final, NamedTuple


class Version(NamedTuple):
    """The two numbers that decide."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """From ``8.18.8`` or ``8.18.0-SNAPSHOT``. Raises ``ValueError``."""
        major, minor, *_ = text.split(".")
        return cls(int(major), int(minor))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OLDEST: Final = Version(8, 9)
NEWEST: Final = Version(8, 18)
