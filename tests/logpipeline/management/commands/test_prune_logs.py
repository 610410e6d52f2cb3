"""`manage.py prune_logs`."""

import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, ManagementUtility, call_command
from elasticsearch import Elasticsearch
from pytest_django.fixtures import Settings

from tools.run.address import free_port


def run(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("prune_logs", *arguments, stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture
def days(elastic: Elasticsearch, index_prefix: str) -> dict[int, str]:
    """Indices of so many days ago."""
    now = datetime.now(UTC)
    names = {}
    for ago in (0, 10, 100):
        names[ago] = f"{index_prefix}ml-api-perfs-{now - timedelta(ago):%Y.%m.%d}"
        elastic.indices.create(index=names[ago])
    return names


def left(elastic: Elasticsearch, prefix: str) -> list[str]:
    return sorted(elastic.indices.get(index=f"{prefix}*"))


def test_it_deletes_what_is_older_and_names_it(
    elastic: Elasticsearch, index_prefix: str, days: dict[int, str]
) -> None:
    assert run("--keep", "5d") == [days[100], days[10], "2 indices deleted."]
    assert left(elastic, index_prefix) == [days[0]]


def test_it_keeps_as_many_days_as_the_settings_say(
    elastic: Elasticsearch, index_prefix: str, days: dict[int, str], settings: Settings
) -> None:
    settings.ES_RETENTION_DAYS = 90
    assert run() == [days[100], "1 index deleted."]
    assert left(elastic, index_prefix) == [days[10], days[0]]


def test_a_dry_run_deletes_nothing(
    elastic: Elasticsearch, index_prefix: str, days: dict[int, str]
) -> None:
    assert run("--keep=90", "--dry-run") == [days[100], "1 index would be deleted."]
    assert len(left(elastic, index_prefix)) == 3


@pytest.mark.usefixtures("elastic")
def test_there_may_be_nothing_to_delete() -> None:
    assert run() == ["0 indices deleted."]


@pytest.mark.parametrize("keep", ["0", "0d", "-1", "90w", "d", "", "1.5", "٣d", "999999d"])
def test_it_keeps_no_nonsense(
    keep: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["manage.py", "prune_logs", f"--keep={keep}"]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as caught:
        ManagementUtility(arguments).execute()
    assert caught.value.code == 2
    assert f"{keep!r} is not a number of days, such as 90d\n" in capsys.readouterr().err


def test_a_server_that_is_away_is_one_clear_line(settings: Settings) -> None:
    settings.ES_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CommandError, match="cannot be reached"):
        run()
