"""Every rule's query runs on the real Elasticsearch, over slow and fast traffic."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from elasticsearch import Elasticsearch

from kibana.rules.every import rules_for
from kibana.rules.rule import RuleType
from kibana.server.version import NEWEST, OLDEST, Version
from logpipeline.documents.indices import index_name
from logpipeline.documents.mappings import INDICES
from monitoring.alerts.definitions import ALERTS, BY_NAME, LEAST_REQUESTS, WINDOW, Kind
from monitoring.alerts.documents import ALERT_EVENTS, document_of
from monitoring.drift.documents import DRIFT_FIGURES
from monitoring.models import Alert, AlertEvent, Severity, Transition
from predictions.log.entry import as_json, timestamp
from tests.conftest import Valkey
from tests.kibana.rule_runs import is_met
from tests.kibana.seeds import index_of_its_own, site_lines, store

Json = dict[str, Any]
NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
PLENTY: Final = LEAST_REQUESTS + 5
MEANS: Final = [alert for alert in ALERTS if alert.kind is Kind.MEAN]
BOTH: Final = {"warning", "critical"}
# Hours before NOW; (requests, batches beside them, their costs in warning thresholds, failures).
TRAFFIC: Final = {
    "quiet": (1, PLENTY, 0, 0.5, 0),
    "slow": (2, PLENTY, 0, 1.2, 1),
    "very slow": (3, PLENTY, 0, 2.4, 2),
    "few": (4, LEAST_REQUESTS - 1, 0, 9.0, 9),
    "enough": (5, LEAST_REQUESTS, 0, 1.2, 0),
    "slow batches": (6, PLENTY, 5, 0.5, 0),
    "nobody": (7, 0, 0, 0.0, 0),
}
RULES: Final = rules_for(NEWEST)
OLDER: Final = rules_for(OLDEST)


def at(traffic: str) -> datetime:
    return NOW - timedelta(hours=TRAFFIC[traffic][0])


@pytest.fixture(scope="module")
def watched(elasticsearch_url: str, _session_valkey: Valkey) -> Iterator[tuple[Elasticsearch, str]]:
    """A client and a prefix, with the traffic of each hour."""
    indices = [*INDICES.values(), ALERT_EVENTS, DRIFT_FIGURES]
    with index_of_its_own(elasticsearch_url, indices) as (client, prefix):
        single, batch = site_lines(_session_valkey)
        lines = [line for name in TRAFFIC for line in traffic_of(name, single, batch)]
        store(client, prefix, lines)
        yield client, prefix


def traffic_of(name: str, single: Json, batch: Json) -> Iterator[bytes]:
    _, requests, batches, cost, failures = TRAFFIC[name]
    for number in range(requests):
        # Around the mean, so that it is a mean that is compared.
        factor = cost * (0.5 if number % 2 else 1.5)
        # What the site refuses is no failure of the site.
        status = 500 if number < failures else 400 if number % 3 == 0 else 200
        yield logged(single, at(name), number, factor, status)
    for number in range(batches):
        yield logged(batch, at(name), number, 99.0, 200)


def logged(entry: Json, end: datetime, number: int, factor: float, status: int) -> bytes:
    """In the last window before ``end``."""
    costs = {alert.field: alert.warning * factor for alert in MEANS}
    metrics = {**entry["data"]["performance_metrics"], **costs}
    data = {"transaction_id": str(uuid4()), "status": status, "performance_metrics": metrics}
    when = end - WINDOW + timedelta(seconds=10 * number + 1)
    return as_json({**entry, "timestamp": timestamp(when), "data": {**entry["data"], **data}})


def firing(
    watched: tuple[Elasticsearch, str], version: Version, traffic: str
) -> dict[str, set[str]]:
    """Alert -> severities whose rule is met at the end of the traffic."""
    client, prefix = watched
    found: dict[str, set[str]] = {}
    for rule in rules_for(version, prefix):
        if is_met(client, prefix, rule, at(traffic)):
            found.setdefault(rule.alert.name, set()).add(rule.severity)
    return found


def all_means(severities: set[str]) -> dict[str, set[str]]:
    return {alert.name: severities for alert in MEANS}


@pytest.mark.parametrize(
    ("traffic", "expected"),
    [
        ("quiet", {}),
        ("slow", {**all_means({"warning"}), "error_rate": {"warning"}}),
        ("very slow", {**all_means(BOTH), "error_rate": BOTH}),
        ("few", {}),
        ("slow batches", {"memory_delta": BOTH}),
        ("nobody", {}),
    ],
)
def test_the_rules_are_met_by_traffic_as_defined(
    traffic: str, expected: dict[str, set[str]], watched: tuple[Elasticsearch, str]
) -> None:
    assert firing(watched, NEWEST, traffic) == expected


def test_twenty_requests_are_enough(watched: tuple[Elasticsearch, str]) -> None:
    assert BY_NAME["latency"].warning <= 100
    assert "latency" in firing(watched, NEWEST, "enough")


@pytest.mark.parametrize(
    ("traffic", "expected"),
    [
        ("quiet", {}),
        ("slow", all_means({"warning"})),
        ("very slow", all_means(BOTH)),
        # What an older Kibana cannot say: docs/adr/0011.
        ("few", all_means(BOTH)),
        ("slow batches", {"memory_delta": BOTH}),
        ("nobody", {}),
    ],
)
def test_an_older_kibanas_rules_know_no_least_number(
    traffic: str, expected: dict[str, set[str]], watched: tuple[Elasticsearch, str]
) -> None:
    assert firing(watched, OLDEST, traffic) == expected


_LATER: Final = count(1)


def told(
    watched: tuple[Elasticsearch, str], name: str, transition: Transition, severity: Severity
) -> datetime:
    """An event of the site's own, in an hour of its own; a moment in its window."""
    client, prefix = watched
    when = NOW + timedelta(hours=next(_LATER))
    alert = Alert(name=name, source="database", started=when)
    event = AlertEvent(
        alert=alert, transition=transition, severity=severity, value=1, threshold=1, at=when
    )
    index = index_name(prefix, ALERT_EVENTS.alias, f"{when:%Y.%m.%d}")
    client.index(index=index, document=document_of(event), refresh=True)
    return when + timedelta(minutes=1)


def met(watched: tuple[Elasticsearch, str], version: Version, now: datetime) -> list[str]:
    """Of the rules over what the site tells."""
    client, prefix = watched
    return [
        f"{rule.alert.name} {rule.severity}"
        for rule in rules_for(version, prefix)
        if rule.type is RuleType.ES_QUERY and is_met(client, prefix, rule, now)
    ]


EVENTS: Final = [
    (version, rule.alert.name, rule.severity)
    for version, rules in ((NEWEST, RULES), (OLDEST, OLDER))
    for rule in rules
    if rule.type is RuleType.ES_QUERY and rule.alert.name != "drift"
]


@pytest.mark.parametrize(("version", "name", "severity"), EVENTS)
def test_an_event_of_the_site_meets_its_own_rule_only(
    version: Version, name: str, severity: str, watched: tuple[Elasticsearch, str]
) -> None:
    now = told(watched, name, Transition.FIRED, Severity(severity))
    assert met(watched, version, now) == [f"{name} {severity}"]


@pytest.mark.parametrize(
    ("transition", "expected"),
    [
        (Transition.FIRED, ["spool critical"]),
        (Transition.WORSENED, ["spool critical"]),
        (Transition.EASED, []),
        (Transition.RESOLVED, []),
    ],
)
def test_it_is_the_beginning_that_is_told(
    transition: Transition, expected: list[str], watched: tuple[Elasticsearch, str]
) -> None:
    now = told(watched, "spool", transition, Severity.CRITICAL)
    assert met(watched, NEWEST, now) == expected


def test_an_event_is_over_after_the_window(watched: tuple[Elasticsearch, str]) -> None:
    now = told(watched, "spool", Transition.FIRED, Severity.CRITICAL)
    assert met(watched, NEWEST, now + WINDOW) == []


@pytest.mark.parametrize(
    ("drifting", "expected"),
    [(0, []), (1, ["drift warning"]), (5, ["drift warning", "drift critical"])],
)
def test_a_report_with_drift_meets_the_rule_for_an_hour(
    drifting: int, expected: list[str], watched: tuple[Elasticsearch, str]
) -> None:
    client, prefix = watched
    when = NOW.replace(hour=0) + drifting * timedelta(hours=2)
    index = index_name(prefix, DRIFT_FIGURES.alias, f"{when:%Y.%m.%d}")
    figure = {"@timestamp": when.isoformat(), "name": "AGE", "drifting": drifting}
    client.index(index=index, document=figure, refresh=True)
    assert met(watched, NEWEST, when + timedelta(hours=1)) == expected
    assert met(watched, NEWEST, when + timedelta(hours=2)) == []


@pytest.mark.parametrize("version", [OLDEST, Version(8, 12), Version(8, 13), NEWEST])
def test_each_severity_of_each_alert_has_one_rule(version: Version) -> None:
    expected = {(alert.name, severity) for alert in ALERTS for severity in BOTH}
    # Its two thresholds are the same.
    expected -= {("lost", "warning")}
    rules = rules_for(version)
    assert {(rule.alert.name, rule.severity) for rule in rules} == expected
    assert len({UUID(rule.id) for rule in rules}) == len(rules) == len(expected)


def test_two_windows_in_a_row_are_six_runs() -> None:
    runs = {rule.alert.name: rule.runs for rule in RULES if rule.alert.kind is not Kind.NUMBER}
    assert set(runs.values()) == {6}


def test_the_site_waits_for_what_it_tells_itself() -> None:
    assert {rule.runs for rule in RULES if rule.type is RuleType.ES_QUERY} == {0}


def test_an_older_kibana_is_sent_nothing_that_it_does_not_know() -> None:
    assert {rule.type for rule in OLDER} == {RuleType.INDEX_THRESHOLD, RuleType.ES_QUERY}
    assert [rule.name for rule in OLDER if "alert_delay" in rule.create("c")] == []


def test_another_prefix_makes_other_rules() -> None:
    here, there = ({rule.id for rule in rules_for(NEWEST, prefix)} for prefix in ("a-", "b-"))
    assert here & there == set()


def test_a_rule_names_its_place_in_the_runbook() -> None:
    (rule,) = [each for each in RULES if each.name == "heartrisk: latency critical"]
    message = rule.update("c")["actions"][0]["params"]["message"]
    assert "docs/monitoring.md#alert-latency" in message
