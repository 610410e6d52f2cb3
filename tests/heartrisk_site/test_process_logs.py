"""What the processes of a real site print with LOG_FORMAT=json: objects, and nothing else."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from django.conf import LazySettings

from heartrisk_site.process_logs import logging_settings
from logpipeline.management.commands.run_log_pipeline import Command
from predictions.process_log import TRANSACTIONS
from tests.monitoring.metrics.site import ServedSite
from tests.predictions.patients import COMPLETE
from tests.waiting import wait_until

# Nobody listens there.
NO_REDIS = "redis://127.0.0.1:1/0"
BMI = "27.31"

Line = dict[str, Any]


class PrintingSite(ServedSite):
    """``lines``: what it has printed since it answered first."""

    def start(self) -> None:
        super().start()
        self._began = len(self._printed())

    def _printed(self) -> bytes:
        return (self.folder / "site.log").read_bytes()

    def lines(self) -> list[Line]:
        """Raises a ValueError for a line that is not JSON."""
        return [orjson.loads(line) for line in self._printed()[self._began :].splitlines()]

    def lines_of(self, transaction_id: str) -> dict[str, Line]:
        """By logger, once the transaction's own line is there."""

        def found() -> dict[str, Line]:
            return {
                line["log"]["logger"]: line
                for line in self.lines()
                if line.get("transaction", {}).get("id") == transaction_id
            }

        wait_until(lambda: TRANSACTIONS in found())
        return found()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, static_files: object) -> Iterator[PrintingSite]:
    folder = tmp_path_factory.mktemp("json")
    server = PrintingSite(folder, LOG_FORMAT="json", REDIS_URL=NO_REDIS)
    # Not a folder: each worker complains in its first transaction.
    (folder / "spool").touch()
    server.start()
    yield server
    server.stop()


def predict(site: ServedSite, **headers: str) -> httpx.Response:
    return httpx.post(f"{site.url}/predict", json={**COMPLETE, "BMI": BMI}, headers=headers)


def test_a_transaction_has_one_line_with_the_names_of_the_common_schema(
    site: PrintingSite,
) -> None:
    answer = predict(site, **{"X-Request-ID": "request-7"})
    line = site.lines_of(answer.headers["X-Transaction-ID"])[TRANSACTIONS]
    assert line["event"]["duration"] > 0
    assert line["url"] == {"path": "/predict"}
    assert line["http"] == {
        "request": {"method": "POST", "id": "request-7"},
        "response": {"status_code": 200},
    }
    assert line["labels"] == {"model_version": answer.json()["model_version"]}
    assert line["service"] == {"name": "heartrisk"}


def test_what_else_is_printed_in_a_transaction_has_its_id(site: PrintingSite) -> None:
    site.kill_a_worker()

    def a_worker_complains() -> bool:
        """Of its spool, in the first transaction that the new one answers."""
        answer = predict(site)
        return "predictions.log.spool" in site.lines_of(answer.headers["X-Transaction-ID"])

    wait_until(a_worker_complains, 30)


def test_a_workers_end_is_an_object_too(site: PrintingSite) -> None:
    site.kill_a_worker()
    wait_until(lambda: any("worker" in line["message"] for line in site.lines()))


def test_no_line_holds_an_input_or_a_result(site: PrintingSite) -> None:
    answer = predict(site)
    line = site.lines_of(answer.headers["X-Transaction-ID"])[TRANSACTIONS]
    printed = str(site.lines())
    assert [each for each in (BMI, str(answer.json()["probability"])) if each in printed] == []
    assert set(line) == {
        *("@timestamp", "ecs.version", "event", "http", "labels", "log", "log.level", "message"),
        *("process", "service", "transaction", "url"),
    }


def test_health_checks_and_static_files_have_no_line(site: PrintingSite) -> None:
    httpx.get(f"{site.url}/health/live")
    answer = predict(site)
    site.lines_of(answer.headers["X-Transaction-ID"])
    assert [
        line for line in site.lines() if line.get("url", {}).get("path") == "/health/live"
    ] == []


@pytest.mark.parametrize(("log_format", "level"), [("text", "CRITICAL"), ("json", "WARNING")])
def test_lines_of_transactions_are_for_programs(log_format: str, level: str) -> None:
    settings = logging_settings("WARNING", log_format)
    assert settings["loggers"][TRANSACTIONS]["level"] == level
    assert settings["root"]["handlers"] == [log_format] == list(settings["handlers"])


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_the_pipeline_prints_as_the_site_does(log_format: str, settings: LazySettings) -> None:
    settings.LOG_FORMAT = log_format
    parser = Command().create_parser("manage.py", "run_log_pipeline")
    assert parser.parse_args(["--once"]).log_format == log_format
