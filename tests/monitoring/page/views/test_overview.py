"""/monitoring/: what it shows of a real Redis and a real Elasticsearch, and when they are away."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from elasticsearch import Elasticsearch
from pytest_django import DjangoAssertNumQueries, Settings

from predictions.log.entry import Entries
from tests.conftest import Valkey
from tests.monitoring.traffic import (
    Cost,
    batch,
    days_of_traffic,
    failure,
    log,
    prediction,
    refusal,
    store,
)
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("valkey")


def just_now(seconds: float = 30) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def text_at(client: Client, address: str = "/monitoring/") -> str:
    return text_of(client.get(address).content)


def a_little() -> list[Entries]:
    functions = {"slow.py:1(slow)": (2, 4.5)}
    return [
        prediction(just_now(40), 0.3, cost=Cost(latency=50, functions=functions)),
        prediction(just_now(30), 0.1),
        batch(just_now(20), [0.2, 0.1, 0.05]),
        refusal(just_now(15)),
        failure(just_now(10)),
    ]


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_shows_the_window_where_elasticsearch_is_away(staff: Client) -> None:
    log([prediction(just_now(7200)), *a_little()])
    text = text_at(staff)
    assert "from Redis" in text
    assert "The charts show the latest transactions in Redis, which hold the whole period." in text
    assert "cannot be reached (ConnectionError)" in text


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_counts_what_was_asked_and_answered(staff: Client) -> None:
    log(a_little())
    text = text_at(staff)
    assert "Predictions 5 " in text
    assert "Answered YES 40.0% 2 of 5" in text
    assert "Without an answer 40.0% 1 refused, 1 failed" in text
    assert "slow slow.py:1 2 4.50 ms" in text


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_says_how_far_back_the_window_reaches(staff: Client, settings: Settings) -> None:
    settings.REDIS_LOGS_MAX_SIZE = 3
    log([prediction(just_now(300 - n)) for n in range(5)])
    since = f"{just_now(298):%H:%M}"
    assert f"The charts show the last 3 transactions in Redis, back to {since} UTC." in text_at(
        staff
    )


def test_it_shows_the_history_where_elasticsearch_answers(
    staff: Client, elastic: Elasticsearch
) -> None:
    store(elastic, [prediction(just_now(), 0.3), batch(just_now(), [0.1, 0.2])])
    text = text_at(staff)
    assert "from Elasticsearch" in text
    assert "Predictions 3 " in text


@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
def test_it_says_that_it_has_nothing_to_show(staff: Client) -> None:
    text = text_at(staff)
    assert "There are no charts: neither Elasticsearch nor Redis can be read." in text
    assert "No: something is wrong." in text
    assert "Redis away" in text


@pytest.mark.usefixtures("no_redis")
def test_it_needs_no_redis_for_the_history(staff: Client, elastic: Elasticsearch) -> None:
    store(elastic, [prediction(just_now(), 0.3)])
    text = text_at(staff)
    assert "Predictions 1 " in text
    assert "Redis away" in text


def test_it_shows_an_empty_elasticsearch_as_a_quiet_time(
    staff: Client, elastic: Elasticsearch
) -> None:
    text = text_at(staff)
    assert "No predictions in this period." in text
    assert "No requests in this period." in text


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_shows_an_empty_window_as_a_quiet_time(staff: Client) -> None:
    assert "The latest transactions in Redis have none of this period." in text_at(staff)


@pytest.mark.usefixtures("no_elasticsearch")
def test_a_part_of_it_is_fetched_by_htmx(staff: Client) -> None:
    content = staff.get("/monitoring/?range=15m", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in content
    assert 'id="live"' in content
    assert 'hx-swap-oob="true"' in content


@pytest.mark.parametrize(
    ("address", "every"),
    [("?range=15m", "every 10s"), ("", "every 10s"), ("?range=24h", "every 60s")],
)
@pytest.mark.usefixtures("no_elasticsearch")
def test_it_refreshes_itself_where_something_changes(
    staff: Client, address: str, every: str
) -> None:
    content = staff.get(f"/monitoring/{address}").content.decode()
    assert f'hx-trigger="{every}"' in content


@pytest.mark.parametrize("address", ["?range=30d", "?range=15m&live=off", "?from=2026-11-01T00:00"])
@pytest.mark.usefixtures("no_elasticsearch")
def test_it_stays_as_it_is_where_it_is_asked_to(staff: Client, address: str) -> None:
    assert "hx-trigger" not in staff.get(f"/monitoring/{address}").content.decode()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("?range=2h", "Range (range): “2h” is none of 15m, 1h, 24h, 7d, 30d."),
        ("?from=x", "From (from): Not a date and time. Write it like 2026-11-25T10:30; UTC."),
        ("?to=2026-11-25T10:30", "From (from): Missing: “to” alone says no period."),
        ("?from=2010-01-01T00:00&to=2020-01-01T00:00", "at most 400 are shown."),
        ("?from=<script>alert(1)</script>", "From (from): Not a date and time."),
    ],
)
@pytest.mark.usefixtures("no_elasticsearch")
def test_it_names_the_field_that_it_does_not_understand(
    staff: Client, address: str, words: str
) -> None:
    response = staff.get(f"/monitoring/{address}")
    assert response.status_code == 422
    assert words in text_of(response.content)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    "address",
    [
        "?from=2025-10-22T00:00&to=2026-11-25T00:00",
        "?from=2026-11-25T10:00:00&to=2026-11-25T10:00:01",
        "?from=2150-01-01T00:00&to=2150-01-02T00:00",
    ],
)
def test_it_shows_any_time_that_is_asked_for(
    staff: Client, elastic: Elasticsearch, address: str
) -> None:
    assert staff.get(f"/monitoring/{address}").status_code == 200


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_escapes_what_a_client_has_sent(staff: Client) -> None:
    functions = {"<b>.py:1(<img src=x>)": (1, 1.0)}
    log([prediction(just_now(), cost=Cost(functions=functions))])
    assert b"<img" not in staff.get("/monitoring/").content


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_asks_the_database_alike_for_much_and_for_little(
    staff: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    log(days_of_traffic(just_now(), timedelta(minutes=50), 200))
    with django_assert_max_num_queries(12):
        staff.get("/monitoring/")


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_is_not_logged_as_a_transaction(staff: Client, valkey: Valkey) -> None:
    staff.get("/monitoring/")
    staff.get("/monitoring/transactions")
    assert valkey.client().exists("api_logs") == 0


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_is_quick_with_a_full_window(staff: Client, settings: Settings) -> None:
    log(days_of_traffic(just_now(), timedelta(minutes=55), 1000))
    staff.get("/monitoring/")
    assert least(lambda: staff.get("/monitoring/")) < 0.3


def least(action: Callable[[], object]) -> float:
    """Of three times, seconds of processor time: what else runs here counts not."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        action()
        times.append(time.thread_time() - began)
    return min(times)
