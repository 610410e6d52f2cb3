"""Brings a Kibana up to date: saved objects, a connector, rules. Each step is safe to repeat."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from kibana.assets import ndjson, saved_objects
from kibana.rules.every import WITH_CUSTOM_THRESHOLD, rules_for
from kibana.rules.rule import Rule
from kibana.server.client import KibanaClient
from kibana.server.trouble import KibanaAwayError, KibanaError
from kibana.server.version import NEWEST, OLDEST, Version

CONNECTOR_NAME: Final = "heartrisk: Kibana's own log"
CONNECTOR_TYPE: Final = ".server-log"
_LOOK_EVERY_SECONDS: Final = 2.0
_MOST_ERRORS_TOLD: Final = 3

Clock = Callable[[], float]
Sleep = Callable[[float], None]


def wait_until_available(
    client: KibanaClient,
    seconds: float,
    clock: Clock = time.monotonic,
    sleep: Sleep = time.sleep,
) -> Version:
    """Its version. Raises ``KibanaAwayError`` with the last reason, ``KibanaError`` at once for
    what waiting does not change.
    """
    ends = clock() + seconds
    while True:
        try:
            # Until it is available, Kibana answers with 503.
            _, status = client.ask("GET", "/api/status")
            level = _at(status, "status", "overall", "level")
            if level in ("available", "degraded"):
                return _version(client, _at(status, "version", "number"))
            problem = KibanaAwayError(
                f"Kibana at {client.address} is not ready (level {level!r})."
                if level
                else f"Kibana at {client.address} tells no status to these credentials."
            )
        except KibanaAwayError as error:
            problem = error
        if clock() >= ends:
            raise problem
        sleep(_LOOK_EVERY_SECONDS)


def check_version(version: Version, untested: bool = False) -> None:
    """Raises ``KibanaError``. ``untested``: a newer one may be tried."""
    if version < OLDEST:
        raise KibanaError(
            f"Kibana {version} is too old: the dashboards are written for {OLDEST} to {NEWEST}."
        )
    if version > NEWEST and not untested:
        raise KibanaError(
            f"Kibana {version} is newer than {OLDEST} to {NEWEST}, which the dashboards are "
            "written for; --untested-version tries it."
        )


def set_up(client: KibanaClient, version: Version, prefix: str) -> Iterator[str]:
    """What was done, in sentences, each as soon as it is done. Raises ``KibanaError``."""
    yield import_objects(client, prefix)
    connector, said = ensure_connector(client)
    yield said
    rules = rules_for(version, prefix)
    made = sum(put_rule(client, rule, connector) for rule in rules)
    yield f"Rules: {made} made, {len(rules) - made} brought up to date."
    if version < WITH_CUSTOM_THRESHOLD:
        yield (
            f"Kibana {version} is older than {WITH_CUSTOM_THRESHOLD}: its rules of means fire "
            "for a single slow request, and at once."
        )


def import_objects(client: KibanaClient, prefix: str) -> str:
    """Raises ``KibanaError`` unless every one of them was imported."""
    sent = saved_objects(prefix)
    _, answer = client.ask(
        "POST",
        "/api/saved_objects/_import?overwrite=true",
        file=("assets.ndjson", ndjson(prefix).encode()),
    )
    count = _at(answer, "successCount")
    if _at(answer, "success") is not True or count != len(sent) or _at(answer, "errors"):
        raise KibanaError(
            f"Kibana imported {count or 0} of {len(sent)} saved objects{_reasons(answer)}."
        )
    return f"Saved objects: {len(sent)} imported."


def ensure_connector(client: KibanaClient) -> tuple[str, str]:
    """Its id, and what was done. Its name finds it again: older APIs take no id."""
    _, found = client.ask("GET", "/api/actions/connectors")
    for each in found if isinstance(found, list) else []:
        if (each.get("name"), each.get("connector_type_id")) == (CONNECTOR_NAME, CONNECTOR_TYPE):
            return str(each["id"]), "Connector: was there."
    body = {
        "name": CONNECTOR_NAME,
        "connector_type_id": CONNECTOR_TYPE,
        "config": {},
        "secrets": {},
    }
    _, made = client.ask("POST", "/api/actions/connector", body=body)
    return str(_at(made, "id")), "Connector: made."


def put_rule(client: KibanaClient, rule: Rule, connector: str) -> bool:
    """Whether it was made, and not brought up to date. Whoever switched it off finds it off."""
    path = f"/api/alerting/rule/{rule.id}"
    status, _ = client.ask("POST", path, body=rule.create(connector), accept=(409,))
    if status != 409:
        return True
    _, there = client.ask("GET", path)
    if _at(there, "rule_type_id") == rule.type:
        client.ask("PUT", path, body=rule.update(connector))
        return False
    # Made for an older Kibana: a rule's type cannot be changed.
    client.ask("DELETE", path)
    client.ask("POST", path, body=rule.create(connector))
    return True


def _version(client: KibanaClient, number: Any) -> Version:
    try:
        return Version.parse(str(number))
    except ValueError:
        raise KibanaError(f"Kibana at {client.address} tells no version.") from None


def _reasons(answer: Any) -> str:
    """Of the first few errors of an import."""
    errors = _at(answer, "errors") or []
    told = [
        f"{each.get('type')} {each.get('id')}: {_at(each, 'error', 'type')}"
        for each in errors[:_MOST_ERRORS_TOLD]
    ]
    return f" ({'; '.join(told)})" if told else ""


def _at(content: Any, *path: str) -> Any:
    """None where there is no such thing."""
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    return content
