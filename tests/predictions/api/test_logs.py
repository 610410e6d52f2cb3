from pathlib import Path
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from rest_framework.authtoken.models import Token

from predictions.log.entry import Entries
from predictions.log.process import get_log_process
from predictions.log.transaction_log import GROUP, LIST_KEY, STREAM_KEY
from tests.conftest import Valkey
from tests.predictions.logs import line, stream_of, window_of

pytestmark = pytest.mark.django_db

PATHS = ["/logs", "/logs/stats", "/logs_api"]


@pytest.fixture
def staff(client: Client, django_user_model: type[User], valkey: Valkey) -> Client:
    """Signed in as staff, with an empty log."""
    client.force_login(django_user_model.objects.create(username="staff", is_staff=True))
    return client


def write(count: int) -> None:
    for second in range(count):
        get_log_process().log.append(Entries(line(second)))


def get(client: Client, path: str, status: int = 200) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == status, response.content
    found: dict[str, Any] = orjson.loads(response.content)
    return found


def acknowledge(client: Client, body: object, status: int = 200) -> dict[str, Any]:
    response = client.post("/logs_api/ack", orjson.dumps(body), content_type="application/json")
    assert response.status_code == status, response.content
    found: dict[str, Any] = orjson.loads(response.content)
    return found


@pytest.mark.parametrize("path", PATHS)
def test_it_is_closed_to_strangers(client: Client, valkey: Valkey, path: str) -> None:
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_it_is_closed_to_users_who_are_not_staff(
    client: Client, django_user_model: type[User], valkey: Valkey, path: str
) -> None:
    client.force_login(django_user_model.objects.create(username="nurse"))
    assert client.get(path).status_code == 403


def test_it_opens_to_the_token_of_a_staff_user(
    client: Client, django_user_model: type[User], valkey: Valkey
) -> None:
    user = django_user_model.objects.create(username="robot", is_staff=True)
    token = Token.objects.create(user=user)
    response = client.get("/logs", headers={"Authorization": f"Token {token.key}"})
    assert response.status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_no_cache_keeps_it(staff: Client, path: str) -> None:
    assert staff.get(path)["Cache-Control"] == "no-store"


def test_it_pages_the_window_newest_first(staff: Client) -> None:
    write(5)
    page = get(staff, "/logs?limit=2&offset=1")
    assert [each["message"] for each in page["entries"]] == ["entry 3", "entry 2"]
    assert [page["total"], page["limit"], page["offset"]] == [5, 2, 1]


def test_reading_the_log_is_logged_itself(staff: Client) -> None:
    get(staff, "/logs")
    messages = [each["message"] for each in get(staff, "/logs")["entries"]]
    assert len(messages) == 1
    assert "GET /logs - 200" in messages[0]


def test_it_filters_by_level(staff: Client) -> None:
    write(3)
    staff.get("/logs?limit=x")
    page = get(staff, "/logs?level=WARNING")
    assert page["total"] == 1
    assert page["entries"][0]["level"] == "WARNING"


@pytest.mark.parametrize(
    ("query", "reason", "limit"),
    [
        ("limit=0", "below_limit", 1),
        ("limit=1001", "above_limit", 1000),
        ("limit=many", "not_whole", None),
        ("limit=²", "not_whole", None),
        ("limit=" + "9" * 5000, "not_whole", None),
        ("offset=-1", "below_limit", 0),
        ("offset=10000001", "above_limit", 10_000_000),
        ("level=info", "not_a_level", None),
    ],
)
def test_a_bad_parameter_is_named(
    staff: Client, query: str, reason: str, limit: int | None
) -> None:
    error = get(staff, f"/logs?{query}", 400)["errors"][0]
    assert error["field"] == query.split("=")[0]
    assert error["value"] == query.split("=")[1][:32]
    assert [error["reason"], error["limit"]] == [reason, limit]


def test_deleting_leaves_the_deletion_alone_in_the_window(staff: Client, valkey: Valkey) -> None:
    write(3)
    response = staff.delete("/logs")
    assert orjson.loads(response.content) == {"deleted": 3}
    left = [orjson.loads(each)["message"] for each in window_of(valkey)]
    assert len(left) == 1
    assert "DELETE /logs - 200" in left[0]
    assert len(stream_of(valkey)) == 4


def test_the_statistics_cover_window_spool_and_stream(staff: Client) -> None:
    write(3)
    statistics = get(staff, "/logs/stats")
    assert statistics["count"] == 3
    assert statistics["spool"] == {"waiting": 0, "dropped": 0}
    assert statistics["stream"] == {"length": 3, "pending": 0}


def test_the_statistics_measure_the_requests(staff: Client) -> None:
    get(staff, "/logs")
    statistics = get(staff, "/logs/stats")
    assert statistics["latency_ms"]["p50"] > 0
    assert statistics["memory_mb"]["p99"] > 1


def test_the_stream_is_read_on_from_an_id(staff: Client) -> None:
    write(3)
    first = get(staff, "/logs_api?limit=2")
    second = get(staff, f"/logs_api?after={first['next']}")
    read = [each["entry"]["message"] for each in first["entries"] + second["entries"]]
    assert read[:3] == ["entry 0", "entry 1", "entry 2"]


@pytest.mark.parametrize("after", ["yesterday", "$", "-1"])
def test_a_bad_id_is_named(staff: Client, after: str) -> None:
    error = get(staff, f"/logs_api?after={after}", 400)["errors"][0]
    assert [error["field"], error["value"], error["reason"]] == ["after", after, "not_a_stream_id"]


def test_an_acknowledged_part_of_the_stream_is_gone(staff: Client) -> None:
    write(3)
    second = get(staff, "/logs_api?limit=2")["next"]
    assert acknowledge(staff, {"id": second}) == {"id": second, "trimmed": 2}
    assert acknowledge(staff, {"id": second}) == {"id": second, "trimmed": 0}


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({}, "id", "required"),
        ([], "body", "not_an_object"),
        ({"id": 5}, "id", "not_a_stream_id"),
        ({"id": None}, "id", "not_a_stream_id"),
        ({"id": "9999999999999-0"}, "id", "not_given_out"),
    ],
)
def test_a_bad_acknowledgement_is_refused(
    staff: Client, body: object, field: str, reason: str
) -> None:
    write(1)
    error = acknowledge(staff, body, 400)["errors"][0]
    assert [error["field"], error["reason"]] == [field, reason]


def test_an_acknowledgement_is_refused_while_a_pipeline_reads_from_redis(
    staff: Client, valkey: Valkey
) -> None:
    write(1)
    client = valkey.client()
    client.xgroup_create(STREAM_KEY, GROUP, "0")
    client.xreadgroup(GROUP, "consumer", {STREAM_KEY: ">"})
    problem = acknowledge(staff, {"id": "1-0"}, 409)
    assert "pipeline reads this stream" in problem["detail"]


@pytest.mark.parametrize("path", PATHS)
def test_it_says_how_many_entries_wait_while_redis_is_away(
    staff: Client, own_valkey: Valkey, settings: Settings, tmp_path: Path, path: str
) -> None:
    settings.SPOOL_DIR = tmp_path / "spool"
    process = get_log_process()
    process.spool.append([line(), line()])
    process.reader._client = process.drainer._patient = own_valkey.client()
    own_valkey.kill()
    problem = get(staff, path, 503)
    assert problem["detail"] == "Redis does not answer; 2 log entries wait for it."


def test_somebody_elses_entries_do_not_break_the_statistics(staff: Client, valkey: Valkey) -> None:
    valkey.client().lpush(LIST_KEY, b'{"data": 1}', b"x")
    assert get(staff, "/logs/stats")["count"] == 0
