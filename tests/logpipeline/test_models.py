"""What the database holds of the pipeline, and which permissions there are to it."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, models
from django.utils import timezone

from logpipeline.models import (
    SILENT_AFTER,
    DeadLetter,
    HttpCursor,
    LogLoss,
    PipelineRun,
    State,
    StreamMark,
)

pytestmark = pytest.mark.django_db

NOT_YET = SILENT_AFTER - timedelta(seconds=10)
TOO_LONG = SILENT_AFTER + timedelta(seconds=1)
RUNS = [
    (NOT_YET, False, State.RUNNING),
    (TOO_LONG, False, State.SILENT),
    (NOT_YET, True, State.ENDED),
    (TOO_LONG, True, State.ENDED),
]


def run(silent_for: timedelta, ended: bool) -> PipelineRun:
    now = timezone.now()
    return PipelineRun.objects.create(
        consumer="host:1:a",
        source=PipelineRun.Source.REDIS,
        mode=PipelineRun.Mode.ONCE,
        seen=now - silent_for,
        ended=now if ended else None,
    )


@pytest.mark.parametrize(("silent_for", "ended", "state"), RUNS)
def test_a_runs_state_is_told_by_its_end_and_its_last_sign_of_life(
    silent_for: timedelta, ended: bool, state: State
) -> None:
    assert run(silent_for, ended).state == state


@pytest.mark.parametrize("state", State)
def test_the_database_finds_runs_by_the_same_state(state: State) -> None:
    made = [run(silent_for, ended) for silent_for, ended, _ in RUNS]
    wanted = {each for each in made if each.state == state}
    assert set(PipelineRun.objects.in_state(state)) == wanted


def test_a_new_run_has_counted_nothing() -> None:
    made = PipelineRun.objects.get(pk=run(timedelta(0), ended=False).pk)
    fields = PipelineRun._meta.get_fields()
    counters = [f.name for f in fields if isinstance(f, models.PositiveBigIntegerField)]
    assert {name: getattr(made, name) for name in counters} == {
        "read": 0,
        "transactions": 0,
        "indexed": 0,
        "duplicates": 0,
        "filtered": 0,
        "dead": 0,
        "retried": 0,
        "lost": 0,
    }


@pytest.mark.parametrize(
    ("model", "name"), [(DeadLetter, "key"), (HttpCursor, "url"), (StreamMark, "key")]
)
def test_there_is_one_row_for_each(model: type[models.Model], name: str) -> None:
    model._default_manager.create(**{name: "the same"})
    with pytest.raises(IntegrityError):
        model._default_manager.create(**{name: "the same"})


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (PipelineRun(consumer="host:1:a"), "host:1:a"),
        (DeadLetter(key="ml-api-logs/1", original=b"of a patient"), "ml-api-logs/1"),
        (LogLoss(at_least=12, reason=LogLoss.Reason.FLUSH), "12: flush"),
        (
            HttpCursor(url="https://heartrisk.example/logs_api"),
            "https://heartrisk.example/logs_api",
        ),
        (StreamMark(key="api_logs:stream"), "api_logs:stream"),
    ],
)
def test_a_row_names_itself_without_health_data(row: models.Model, text: str) -> None:
    assert str(row) == text


def test_only_dead_letters_can_be_changed_or_deleted_by_a_person() -> None:
    permissions = Permission.objects.filter(content_type__app_label="logpipeline")
    assert set(permissions.values_list("codename", flat=True)) == {
        "view_pipelinerun",
        "view_deadletter",
        "change_deadletter",
        "delete_deadletter",
        "view_logloss",
    }


def test_the_migration_has_every_field() -> None:
    out = io.StringIO()
    call_command("makemigrations", "logpipeline", dry_run=True, stdout=out)
    assert out.getvalue() == "No changes detected in app 'logpipeline'\n"
