"""`manage.py drift_report`."""

import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import orjson
import pytest
from django.core.management import CommandError, ManagementUtility, call_command
from pytest_django import Settings

from monitoring.drift import report as module
from monitoring.models import DriftReport
from monitoring.period import Period
from monitoring.sources.predictions import Sample
from predictions.arrays import FloatArray
from predictions.features import NAMES
from predictions.log.entry import Entries
from tests.conftest import Valkey
from tests.monitoring.drift.people import drawn, older_people, predictor, sample_of
from tests.monitoring.traffic import indices_with, prediction

pytestmark = pytest.mark.django_db


class Source:
    """Stands for the log: the people it gives, and what it was asked for."""

    def __init__(self) -> None:
        self.people: FloatArray = drawn(300, np.random.default_rng(31))
        self.asked: list[Period] = []

    def recent_predictions(self, period: Period, most: int) -> Sample:
        self.asked.append(period)
        return sample_of(self.people[:most])


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Source:
    settings.ES_URL = ""
    source = Source()
    monkeypatch.setattr(module, "recent_predictions", source.recent_predictions)
    return source


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("drift_report", *arguments, stdout=output, stderr=StringIO())
    return output.getvalue()


@pytest.mark.usefixtures("source")
def test_it_shows_a_table_and_keeps_the_report() -> None:
    assert run().startswith("ok: 300 of 300 predictions from ")
    assert DriftReport.objects.get().rows == 300


def test_it_looks_back_as_far_as_the_settings_say(source: Source, settings: Settings) -> None:
    settings.DRIFT_WINDOW_HOURS = 36
    run()
    assert source.asked[0].span == timedelta(hours=36)


def test_it_looks_back_as_far_as_it_is_told(source: Source) -> None:
    run("--hours", "72")
    assert source.asked[0].span == timedelta(hours=72)


@pytest.mark.usefixtures("source")
def test_it_gives_json() -> None:
    report = orjson.loads(run("--json"))
    assert (report["verdict"], report["rows"], len(report["figures"])) == ("ok", 300, 20)


@pytest.mark.usefixtures("source")
def test_it_writes_a_page_of_charts(tmp_path: Path) -> None:
    run("--html", str(tmp_path / "drift.html"))
    page = (tmp_path / "drift.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<svg") == 20


@pytest.mark.usefixtures("source")
def test_a_page_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        run("--html", str(tmp_path / "nowhere" / "drift.html"))


def typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[object, str]:
    """Exit code and stderr of the command as a person types it."""
    line = ["manage.py", "drift_report", *arguments]
    monkeypatch.setattr(sys, "argv", line)
    # Django's would be gone for the tests that come after.
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    code: object = 0
    try:
        ManagementUtility(line).execute()
    except SystemExit as error:
        code = error.code
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("drifts", "arguments", "expected"),
    [
        (False, ["--fail-on-drift"], 0),
        (True, ["--fail-on-drift"], 3),
        (True, [], 0),
    ],
)
def test_drift_is_a_failure_only_where_that_is_wanted(
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    drifts: bool,
    arguments: list[str],
    expected: int,
) -> None:
    if drifts:
        source.people = older_people()
    assert typed(monkeypatch, capsys, *arguments) == (expected, "")


@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
def test_sources_that_are_away_are_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, error = typed(monkeypatch, capsys)
    assert (code, error.count("\n")) == (1, 1)
    assert "Elasticsearch at http://127.0.0.1" in error


@pytest.mark.parametrize("hours", ["0", "-1", "8761", "1.5", "day", "", "٣"])
def test_it_takes_no_nonsense(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hours: str
) -> None:
    code, error = typed(monkeypatch, capsys, f"--hours={hours}")
    assert code == 2
    assert f"{hours!r} is not a number of hours from 1 to 8760" in error


def test_the_predictions_in_elasticsearch_are_compared(
    elasticsearch_url: str, settings: Settings, valkey: Valkey
) -> None:
    settings.ES_URL = elasticsearch_url
    entries = [answered(person) for person in older_people()[:150]]
    with indices_with(elasticsearch_url, entries) as settings.ES_INDEX_PREFIX:
        report = orjson.loads(run("--json"))
    drifting = {each["name"] for each in report["figures"] if each["verdict"] == "drift"}
    assert (report["source"], report["rows"]) == ("elasticsearch", 150)
    assert {"AGE", "GLUCOSE", "probability"} <= drifting


def answered(person: FloatArray) -> Entries:
    """What the site logs of this person an hour ago."""
    given = {
        name: None if np.isnan(value) else float(value)
        for name, value in zip(NAMES, person, strict=True)
    }
    probability = predictor().predict(person).probability
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    version = predictor().model_version
    return prediction(an_hour_ago, probability, inputs=given, model_version=version)
