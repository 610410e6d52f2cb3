"""What Kibana's import reads: one object a line, each in the same envelope."""

import json
from collections.abc import Sequence
from typing import Any, Final

# A version newer than the Kibana is refused; with none, every migration runs over modern state.
# These are those of Kibana 8.9.
CORE_VERSION: Final = "8.8.0"
TYPE_VERSIONS: Final = {"index-pattern": "8.0.0", "dashboard": "8.9.0"}


def as_json(content: Any) -> str:
    """The same text for the same content."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def reference(type_: str, id_: str, name: str) -> dict[str, str]:
    return {"type": type_, "id": id_, "name": name}


def saved_object(
    type_: str,
    id_: str,
    attributes: dict[str, Any],
    references: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:
    """The envelope."""
    return {
        "id": id_,
        "type": type_,
        "managed": False,
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": TYPE_VERSIONS[type_],
        "attributes": attributes,
        "references": list(references),
    }
