"""What /health says of Elasticsearch and of the pipeline: real ones, away, or not named."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from logpipeline import health
from logpipeline.models import SILENT_AFTER, PipelineRun
from predictions.health import Health
from tests.logpipeline.canned import HTML, NO_CREDENTIALS, CannedServer, answering
from tools.run.address import free_port

# The checks run in threads, which see what was committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _started_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_STARTED", health._STARTED - health.STARTING_S)


def report(longest_wait: float = 30) -> dict[str, Any]:
    made = Health(longest_wait)
    health.register_checks(made)
    return made.report()


def problem(name: str) -> str:
    """ "" where all is well."""
    detail: str = report()["checks"][name]["detail"]
    return detail


def run(**about: Any) -> None:
    given = {"consumer": "host-1-a", "source": "redis", "mode": "continuous", **about}
    PipelineRun.objects.create(**given)


def test_where_no_elasticsearch_is_named_there_is_nothing_to_ask(settings: Settings) -> None:
    settings.ES_URL = ""
    assert report()["status"] == "ok"


def test_all_is_well_with_both(elasticsearch_url: str, settings: Settings) -> None:
    settings.ES_URL = elasticsearch_url
    run()
    assert report()["status"] == "ok"


def test_without_a_pipeline_the_site_is_degraded(
    elasticsearch_url: str, settings: Settings
) -> None:
    settings.ES_URL = elasticsearch_url
    found = report()
    assert found["status"] == "degraded"
    assert found["checks"]["log pipeline"]["detail"] == "No log pipeline runs: log entries wait."


@pytest.mark.parametrize(
    "about",
    [
        {"ended": timezone.now()},
        {"seen": timezone.now() - SILENT_AFTER - timedelta(seconds=1)},
        {"mode": "once"},
    ],
    ids=["ended", "silent", "once"],
)
def test_one_that_does_not_go_on_is_none(
    elasticsearch_url: str, settings: Settings, about: dict[str, Any]
) -> None:
    settings.ES_URL = elasticsearch_url
    run(**about)
    assert problem("log pipeline") == "No log pipeline runs: log entries wait."


def test_without_elasticsearch_the_site_is_degraded(settings: Settings) -> None:
    settings.ES_URL = f"http://elastic:secret@127.0.0.1:{free_port()}"
    run()
    found = report()
    assert found["status"] == "degraded"
    # Anybody may read it: not where, and no password.
    detail = found["checks"]["elasticsearch"]["detail"]
    assert detail == "Elasticsearch cannot be reached (ConnectionError)."


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (
            answering(401, NO_CREDENTIALS),
            "Elasticsearch refuses the credentials (status 401).",
        ),
        (answering(503), "Elasticsearch answers 503 (ApiError)."),
        (
            answering(200, b"<html>It works!</html>", HTML),
            "Elasticsearch is none: something else answers there.",
        ),
    ],
    ids=["401", "503", "another"],
)
def test_what_is_wrong_with_elasticsearch_is_said(
    settings: Settings, server: Any, said: str
) -> None:
    with server as url:
        settings.ES_URL = url
        assert problem("elasticsearch") == said


def test_one_that_hangs_is_not_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_TIMEOUT_S", 0.2)
    with CannedServer(silent=True).running() as url:
        settings.ES_URL = url
        assert problem("elasticsearch") == "Elasticsearch did not answer in time."


def test_an_address_that_is_none_is_said(settings: Settings) -> None:
    settings.ES_URL = "http://elastic:secret@search"
    said = problem("elasticsearch")
    assert said.startswith("ES_URL is no address of an Elasticsearch")
    assert "secret" not in said


def test_while_the_site_starts_there_is_no_alarm(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STARTING_S", float("inf"))
    settings.ES_URL = f"http://127.0.0.1:{free_port()}"
    assert report()["status"] == "ok"
