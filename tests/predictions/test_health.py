import threading
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from predictions.health import Health, HealthError
from predictions.health_checks import check_database, check_model, check_redis
from predictions.risk.predictor import get_predictor
from tests.conftest import Valkey


def passes() -> None:
    """All is well."""


def fails() -> None:
    raise RuntimeError("password=secret")


def complains() -> None:
    raise HealthError("The disk is full.")


@pytest.fixture
def health() -> Health:
    return Health()


def test_it_is_ok_when_every_check_passes(health: Health) -> None:
    health.register("model", passes, essential=True)
    health.register("redis", passes)
    assert health.report()["status"] == "ok"


def test_it_is_degraded_when_something_inessential_fails(health: Health) -> None:
    health.register("model", passes, essential=True)
    health.register("redis", fails)
    assert health.report()["status"] == "degraded"


def test_it_is_failing_when_something_essential_fails(health: Health) -> None:
    health.register("model", fails, essential=True)
    assert health.report()["status"] == "failing"


def test_it_shows_a_check_s_own_sentence(health: Health) -> None:
    health.register("disk", complains)
    assert health.report()["checks"]["disk"]["detail"] == "The disk is full."


def test_it_shows_only_the_class_of_an_unforeseen_error(health: Health) -> None:
    health.register("redis", fails)
    assert health.report()["checks"]["redis"]["detail"] == "RuntimeError"


def test_it_logs_a_failure_once_and_without_its_text(
    health: Health, caplog: pytest.LogCaptureFixture
) -> None:
    health.register("redis", fails)
    for _ in range(3):
        health.report()
    assert caplog.messages == ["Health check redis: RuntimeError"]


def test_it_recovers(health: Health) -> None:
    broken = threading.Event()
    broken.set()

    def check() -> None:
        if broken.is_set():
            raise HealthError("Away.")

    health.register("redis", check)
    health.report()
    broken.clear()
    assert health.report()["status"] == "ok"


def test_it_does_not_wait_for_a_check_that_hangs() -> None:
    health = Health(longest_wait=0.05)
    release = threading.Event()
    health.register("redis", lambda: (release.wait(60), None)[1])
    started = time.monotonic()
    report = health.report()
    release.set()
    assert report["checks"]["redis"]["detail"] == "did not answer in time"
    assert time.monotonic() - started < 10


def test_it_does_not_start_a_check_again_that_hangs() -> None:
    health = Health(longest_wait=0.05)
    release = threading.Event()
    runs = []

    def hang() -> None:
        runs.append(1)
        release.wait(60)

    health.register("redis", hang)
    health.report()
    health.report()
    release.set()
    assert runs == [1]


# --- The checks ---------------------------------------------------------------
def test_the_model_gives_its_golden_probability() -> None:
    check_model()


def test_a_model_that_is_missing_is_named(settings: Settings, tmp_path: Path) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    with pytest.raises(HealthError, match="no readable model"):
        check_model()


@pytest.mark.parametrize("golden", [None, "", "[]", "[{}]", '[{"input": {}, "probability": 0.1}]'])
def test_a_model_without_golden_cases_is_not_healthy(
    settings: Settings, tmp_path: Path, golden: str | None
) -> None:
    settings.MODEL_PATH = copied_model(settings.MODEL_PATH, tmp_path)
    if golden is not None:
        (tmp_path / "golden_cases.json").write_text(golden)
    with pytest.raises(HealthError, match="no readable golden_cases"):
        check_model()


def test_a_model_with_another_number_is_not_healthy(settings: Settings, tmp_path: Path) -> None:
    golden = Path(settings.MODEL_PATH).with_name("golden_cases.json").read_text()
    settings.MODEL_PATH = copied_model(settings.MODEL_PATH, tmp_path)
    changed = golden.replace('"probability": 0.', '"probability": 0.9', 1)
    (tmp_path / "golden_cases.json").write_text(changed)
    with pytest.raises(HealthError, match="The golden prediction is"):
        check_model()


def test_redis_answers(valkey: Valkey) -> None:
    check_redis()


@pytest.mark.django_db(transaction=True)
def test_the_database_answers() -> None:
    check_database()


def copied_model(path: str, folder: Path) -> str:
    """The model and its manifest, alone."""
    for name in ("model.pkl", "manifest.json"):
        (folder / name).write_bytes(Path(path).with_name(name).read_bytes())
    assert get_predictor()
    return str(folder / "model.pkl")
