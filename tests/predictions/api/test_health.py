from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.conftest import Valkey
from tests.predictions.api.client import JSON, read

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = ["/health", "/health/ready"]


def get(path: str, status: int = 200) -> dict[str, Any]:
    response: Any = Client(headers=JSON).get(path)
    return read(response, status)


@pytest.mark.parametrize("path", PATHS)
def test_it_is_ok_with_model_redis_and_database(path: str) -> None:
    report = get(path)
    assert report["status"] == "ok"
    assert {"model", "redis", "database"} <= report["checks"].keys()
    assert {check["status"] for check in report["checks"].values()} == {"ok"}


@pytest.mark.parametrize("path", PATHS)
def test_without_redis_it_is_degraded_and_takes_requests(path: str, valkey: Valkey) -> None:
    valkey.stop()
    report = get(path)
    valkey.start()
    assert (report["status"], report["checks"]["redis"]["status"]) == ("degraded", "failing")


@pytest.mark.parametrize("path", PATHS)
def test_without_a_model_it_takes_none(path: str, settings: Settings, tmp_path: Path) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    report = get(path, 503)
    assert (report["status"], report["checks"]["model"]["status"]) == ("failing", "failing")


def test_it_lives_without_a_model(settings: Settings, tmp_path: Path) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    assert get("/health/live") == {"status": "ok"}


@pytest.mark.parametrize("path", [*PATHS, "/health/live"])
def test_no_cache_keeps_it(client: Client, path: str) -> None:
    assert client.get(path, headers=JSON)["Cache-Control"] == "no-store"


def test_it_needs_no_account(settings: Settings) -> None:
    settings.PUBLIC_PREDICTIONS = False
    assert get("/health")["status"] == "ok"
