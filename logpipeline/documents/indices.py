"""The indices in Elasticsearch: their names, and the templates they are made by.

One index a day, by the entry's own time. An index keeps the mapping it was made with: a changed
one meets the next index, and ``_meta`` says of each which version it has.
"""

from collections.abc import Collection
from typing import Any, Final

from elasticsearch import Elasticsearch

from logpipeline.documents.index import Index
from logpipeline.documents.mappings import INDICES
from logpipeline.documents.retention import has_ilm, policy_name, put_policy

MANAGED_BY: Final = "heartrisk"
# Above those of Elasticsearch's own templates.
PRIORITY: Final = 500
_SETTINGS: Final = {
    "number_of_shards": "1",
    # A second copy as soon as there is a second node; on one node the index is green.
    "auto_expand_replicas": "0-1",
    # Said, because else an index that nobody has searched for 30 s is not refreshed.
    "refresh_interval": "1s",
}


class SetupError(Exception):
    """The server holds something that stands in the way; the text says what to do."""


def index_name(prefix: str, alias: str, day: str) -> str:
    """``day`` as in ``Moment``: 2026.11.24."""
    return f"{prefix}{alias}-{day}"


def setup(
    client: Elasticsearch,
    prefix: str,
    retention_days: int,
    indices: Collection[Index] | None = None,
) -> list[str]:
    """Brings templates and policy up to date; what that took, in sentences.

    Of ``indices``, or of the log's. Safe to repeat, and beside another one. No index is
    touched. Raises ``SetupError``.
    """
    wanted = INDICES.values() if indices is None else indices
    _refuse_alias_conflict(client, [f"{prefix}{index.alias}" for index in wanted])
    done, policy = [], None
    if has_ilm(client, prefix):
        policy = policy_name(prefix)
        done += put_policy(client, prefix, retention_days)
    for index in wanted:
        done += _put_template(client, f"{prefix}{index.alias}", template(index, prefix, policy))
    return done


def template(index: Index, prefix: str, policy: str | None) -> dict[str, Any]:
    """The composable template of an index, written as the server gives it back."""
    name = f"{prefix}{index.alias}"
    meta = {"managed_by": MANAGED_BY, "version": index.version}
    settings: dict[str, Any] = dict(_SETTINGS)
    if policy is not None:
        settings["lifecycle"] = {"name": policy}
    return {
        "index_patterns": [f"{name}-*"],
        "priority": PRIORITY,
        "composed_of": [],
        "template": {
            "settings": {"index": settings},
            "mappings": {**index.mappings(), "_meta": meta},
            "aliases": {name: {}},
        },
        "_meta": meta,
    }


def _refuse_alias_conflict(client: Elasticsearch, names: list[str]) -> None:
    found = client.indices.get(
        index=names, ignore_unavailable=True, filter_path="*.settings.index.uuid"
    )
    # Asked for an alias, the server names the indices behind it.
    for name in names:
        if name in found:
            raise SetupError(
                f"Elasticsearch holds an index named {name}, so there can be no alias of that "
                f"name. Reindex it as {name}-YYYY.MM.DD, or delete it."
            )


def _put_template(client: Elasticsearch, name: str, wanted: dict[str, Any]) -> list[str]:
    found = _template_named(client, name)
    version, ours = _version_of(found), wanted["_meta"]["version"]
    if version > ours:
        return [
            f"Template {name} has mapping version {version}, newer than {ours} here: left as it is."
        ]
    if all(found.get(key) == value for key, value in wanted.items()):
        return []
    # The client has another name for the one that begins with an underscore.
    fields = {key.removeprefix("_"): value for key, value in wanted.items()}
    client.indices.put_index_template(name=name, **fields)
    return [f"Template {name}: mapping version {ours}, for indices made from now on."]


def _template_named(client: Elasticsearch, name: str) -> dict[str, Any]:
    """Empty where there is none."""
    answer = client.options(ignore_status=404).indices.get_index_template(name=name).body
    found: dict[str, Any] = {}
    for each in answer.get("index_templates", ()):
        found = each["index_template"]
    return found


def _version_of(found: dict[str, Any]) -> int:
    """0 where it is none of ours."""
    version = found.get("_meta", {}).get("version")
    return version if isinstance(version, int) else 0
