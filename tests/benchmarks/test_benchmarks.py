"""The benchmark measures what it says it measures; its numbers are in docs/performance.md."""

import subprocess
import sys

import pytest

from benchmarks import __main__ as benchmark
from benchmarks.client import Client
from benchmarks.services import Service
from heartrisk_site.variables import BASE_DIR


@pytest.fixture(scope="module")
def output() -> str:
    """Of the smallest real run: four services, one round of two requests each."""
    command = [sys.executable, "-m", "benchmarks", "--rounds", "1", "--requests", "2"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_finds_every_logged_request_in_redis(output: str) -> None:
    # Two services log: one request to compare, 100 to warm up, two that are timed.
    assert "all 206 logged requests stand in Redis" in output


def test_it_reports_each_service_and_the_ratio_to_the_bare_one(output: str) -> None:
    rows = [line.split("|")[1:-1] for line in output.splitlines() if line.startswith("| ")]
    names = [row[0].strip() for row in rows[1:]]
    assert names == [
        "heartrisk, granian",
        "heartrisk, gunicorn gthread",
        "heartrisk, granian, profile and log off",
        "bare FastAPI, uvicorn",
    ]
    assert rows[-1][-1].strip() == "1.00"


def test_it_refuses_to_compare_services_that_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([0.1, 0.1 + 1e-9])
    monkeypatch.setattr(Client, "__init__", lambda *_: None)
    monkeypatch.setattr(Client, "__exit__", lambda *_: None)
    monkeypatch.setattr(Client, "ask", lambda _: {"probability": next(answers)})
    services = [Service(name, 0, logs=True) for name in ("one", "other")]
    with pytest.raises(SystemExit, match="the services disagree"):
        benchmark.compare_answers(services)
