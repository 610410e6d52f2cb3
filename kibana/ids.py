"""The same thing has the same id in every import, so that an import replaces and never doubles."""

from typing import Final
from uuid import UUID, uuid5

_OURS: Final = UUID("8f0e6b3a-5d0c-5e8b-9a41-0d6c7d3f2b10")


def stable_id(*names: str) -> str:
    """An UUID of version 5. ES_INDEX_PREFIX is one of the names: two sites may share a Kibana."""
    return str(uuid5(_OURS, "/".join(names)))
