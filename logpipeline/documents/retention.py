"""How long indices are kept: by a policy where the server has ILM, else by ``prune_logs``."""

import re
from datetime import date
from typing import Any, Final

from elasticsearch import Elasticsearch

from logpipeline.documents.index import OF_OTHER_APPS
from logpipeline.documents.names import INDEX_NAMES

# What servers say that have no ILM: no handler, not found, a wrong method, not on this offering.
_NO_ILM: Final = (400, 404, 405, 410)
_NO_POLICY: Final = "resource_not_found_exception"


def policy_name(prefix: str) -> str:
    return f"{prefix}heartrisk-logs"


def has_ilm(client: Elasticsearch, prefix: str = "") -> bool:
    """Whether the server deletes old indices by itself, where a policy tells it to."""
    return _policy_named(client, policy_name(prefix)) is not None


def put_policy(client: Elasticsearch, prefix: str, retention_days: int) -> list[str]:
    """Where the policy says something else, or is not there; what that took, in sentences."""
    name, age = policy_name(prefix), f"{retention_days}d"
    # What an operator added in other phases stays.
    phases = (_policy_named(client, name) or {}).get("phases", {})
    if phases.get("delete", {}).get("min_age") == age:
        return []
    delete = {"min_age": age, "actions": {"delete": {}}}
    client.ilm.put_lifecycle(name=name, policy={"phases": {**phases, "delete": delete}})
    return [f"Policy {name}: an index is deleted {retention_days} days after it was made."]


def prune(
    client: Elasticsearch, prefix: str, keep_days: int, today: date, *, dry_run: bool = False
) -> list[str]:
    """Deletes the indices whose whole day is more than ``keep_days`` ago; their names, sorted."""
    old = [
        name
        for name, day in sorted(_our_indices(client, prefix))
        # The last entry of a day is one day old when the second day after it begins.
        if (today - day).days > keep_days
    ]
    if not dry_run:
        for name in old:
            # Another one may have been here first.
            client.indices.delete(index=name, ignore_unavailable=True)
    return old


def _policy_named(client: Elasticsearch, name: str) -> dict[str, Any] | None:
    """Empty where there is none of that name, None where the server knows no policies."""
    answer = client.options(ignore_status=_NO_ILM).ilm.get_lifecycle(name=name)
    body: Any = answer.body
    if answer.meta.status == 200:
        found: dict[str, Any] = body[name]["policy"]
        return found
    # Not a dict, where no Elasticsearch answers or one that has never heard of ILM.
    error = body.get("error") if isinstance(body, dict) else None
    return {} if isinstance(error, dict) and error.get("type") == _NO_POLICY else None


def _our_indices(client: Elasticsearch, prefix: str) -> list[tuple[str, date]]:
    """Names and days. By their exact names: a pattern with a star finds others', too."""
    names = (*INDEX_NAMES, *OF_OTHER_APPS)
    aliases = "|".join(map(re.escape, names))
    ours = re.compile(rf"{re.escape(prefix)}(?:{aliases})-(\d{{4}}\.\d\d\.\d\d)")
    found = client.indices.get(
        index=[f"{prefix}{alias}-*" for alias in names],
        expand_wildcards=["open", "closed"],
        filter_path="*.settings.index.uuid",
    )
    matches = [match for name in found if (match := ours.fullmatch(name))]
    return [(match[0], day) for match in matches if (day := _day(match[1]))]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace(".", "-"))
    except ValueError:
        return None
