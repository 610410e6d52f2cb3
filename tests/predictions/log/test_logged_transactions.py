"""The whole way: a request through the site, its entry in the real Valkey."""

from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client

from predictions.features import EXAMPLE, NAMES
from predictions.middleware import LOGGED_PATHS
from predictions.risk.predictor import Predictor
from tests.conftest import Valkey
from tests.predictions.logs import raising, stream_of, window_of

pytestmark = pytest.mark.django_db

JSON = "application/json"


def post(client: Client, path: str, body: object, **headers: str) -> Any:
    return client.post(path, orjson.dumps(body), content_type=JSON, headers=headers)


def newest(valkey: Valkey) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(window_of(valkey)[0])
    return found


@pytest.mark.parametrize("path", ["/predict", "/predict_proba"])
def test_a_prediction_is_logged_as_it_was_answered(
    client: Client, valkey: Valkey, path: str
) -> None:
    response = post(client, path, EXAMPLE, **{"X-Request-ID": "mine"})
    answer, data = response.json(), newest(valkey)["data"]
    assert answer["transaction_id"] == data["transaction_id"] == response["X-Transaction-ID"]
    assert data["input_data"] == EXAMPLE
    assert data["request_id"] == "mine"
    probability = answer.get("probability") or answer["probabilities"]["YES"]
    assert data["result"]["probability"] == probability


def test_a_prediction_has_its_eight_metrics(client: Client, valkey: Valkey) -> None:
    response = post(client, "/predict", EXAMPLE)
    metrics = newest(valkey)["data"]["performance_metrics"]
    assert metrics["profiled"]
    assert 0 < metrics["inference_time_ms"] < metrics["latency_ms"]
    assert metrics["function_calls"] > 20
    assert len(metrics["top_functions"]) == 5
    assert f"cpu;dur={metrics['cpu_time_ms']:.3f}" in response["Server-Timing"]


@pytest.mark.usefixtures("static_files")
def test_the_forms_prediction_is_logged(client: Client, valkey: Valkey) -> None:
    assert client.post("/", EXAMPLE).status_code == 200
    data = newest(valkey)["data"]
    assert [data["path"], data["method"]] == ["/", "POST"]
    assert tuple(data["input_data"]) == NAMES
    assert data["result"]["result"] in {"YES", "NO"}


def test_a_refusal_is_logged_as_a_warning_with_what_was_refused(
    client: Client, valkey: Valkey
) -> None:
    post(client, "/predict", {**EXAMPLE, "AGE": 400})
    entry = newest(valkey)
    assert entry["level"] == "WARNING"
    assert entry["data"]["invalid_input"] == [
        {"field": "AGE", "value": "400", "reason": "above_limit"}
    ]
    assert "400" not in entry["message"].partition("ms - ")[2]


def test_the_text_is_english_whatever_the_client_speaks(client: Client, valkey: Valkey) -> None:
    post(client, "/predict", {**EXAMPLE, "AGE": 100, "GLUCOSE": None}, **{"Accept-Language": "fr"})
    french = window_of(valkey)[0]
    post(client, "/predict", {**EXAMPLE, "AGE": 100, "GLUCOSE": None}, **{"Accept-Language": "en"})
    results = [orjson.loads(each)["data"]["result"] for each in (french, window_of(valkey)[0])]
    assert results[0] == results[1]


BODIES = {
    400: (b"{", JSON),
    413: (b'{"AGE": "' + b"1" * 2_000_000 + b'"}', JSON),
    415: (b"x", "text/plain"),
}


@pytest.mark.parametrize("status", BODIES)
def test_every_kind_of_refusal_is_logged(client: Client, valkey: Valkey, status: int) -> None:
    body, content_type = BODIES[status]
    response = client.post("/predict", body, content_type=content_type)
    data = newest(valkey)["data"]
    assert response.status_code == data["status"] == status
    assert response["X-Transaction-ID"] == data["transaction_id"]


def test_a_wrong_method_is_logged(client: Client, valkey: Valkey) -> None:
    assert client.get("/predict").status_code == 405
    assert newest(valkey)["data"]["status"] == 405


@pytest.mark.usefixtures("static_files")
def test_an_error_of_ours_is_logged_too(
    client: Client, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Predictor, "predict", raising(RuntimeError))
    client.raise_request_exception = False
    assert post(client, "/predict", EXAMPLE).status_code == 500
    entry = newest(valkey)
    assert entry["level"] == "ERROR"
    assert entry["data"]["input_data"] == EXAMPLE
    assert entry["data"]["result"] is None


def test_a_batchs_rows_are_in_the_stream_with_the_ids_of_the_answer(
    client: Client, valkey: Valkey
) -> None:
    instances = [EXAMPLE] * 700 + [{**EXAMPLE, "AGE": 400}]
    answer = post(client, "/predict_batch", {"instances": instances}).json()
    summary, *parts = (orjson.loads(each)["data"] for each in stream_of(valkey))
    logged = [row for part in parts for row in part["rows"]]
    assert [row["transaction_id"] for row in logged] == [
        row["transaction_id"] for row in answer["results"]
    ]
    assert {part["batch_id"] for part in parts} == {answer["batch_id"]} == {summary["batch_id"]}
    assert logged[-1]["invalid_input"][0]["field"] == "AGE"


def test_a_batch_is_one_entry_of_the_window(client: Client, valkey: Valkey) -> None:
    post(client, "/predict_batch", {"instances": [EXAMPLE] * 3})
    entries = [orjson.loads(each)["data"] for each in window_of(valkey)]
    assert len(entries) == 1
    assert entries[0]["result"]["rows"] == 3
    assert "rows" not in entries[0]


@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize("path", ["/", "/health/live", "/api/schema/", "/nowhere", "/admin/login/"])
def test_other_paths_leave_no_entry(client: Client, valkey: Valkey, path: str) -> None:
    response = client.get(path)
    assert window_of(valkey) == []
    assert "X-Transaction-ID" not in response


def test_a_browser_elsewhere_may_read_the_transactions_id() -> None:
    assert {"X-Transaction-ID", "Server-Timing"} <= set(settings.CORS_EXPOSE_HEADERS)


HANDLERS = [
    ("POST", "/predict"),
    ("POST", "/predict_proba"),
    ("POST", "/predict_batch"),
    ("GET", "/logs"),
    ("DELETE", "/logs"),
    ("GET", "/logs/stats"),
    ("GET", "/logs_api"),
    ("POST", "/logs_api/ack"),
    ("POST", "/"),
]


@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize(("method", "path"), HANDLERS)
def test_each_handler_is_profiled(
    admin_client: Client, valkey: Valkey, method: str, path: str
) -> None:
    admin_client.generic(method, path, b"{}", content_type="application/json")
    assert newest(valkey)["data"]["performance_metrics"]["profiled"]


def test_no_logged_path_is_without_a_handler_above() -> None:
    assert {path for _, path in HANDLERS} == LOGGED_PATHS | {"/"}
