"""The admin's pages of runs and losses: for reading, by who may read them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from logpipeline.models import SILENT_AFTER, LogLoss, PipelineRun
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

RUNS = "/admin/logpipeline/pipelinerun/"
LOSSES = "/admin/logpipeline/logloss/"


@pytest.fixture
def run() -> PipelineRun:
    return PipelineRun.objects.create(
        consumer="host:1:a",
        source=PipelineRun.Source.DEAD_LETTERS,
        mode=PipelineRun.Mode.CONTINUOUS,
        read=1001,
        transactions=1002,
        indexed=1003,
        duplicates=1004,
        filtered=1005,
        dead=1006,
        retried=1007,
        lost=1008,
        last_error="ConnectionTimeout",
    )


@pytest.fixture
def loss() -> LogLoss:
    return LogLoss.objects.create(
        at_least=12, reason=LogLoss.Reason.FLUSH, first_id="5-0", last_id="6-0"
    )


def shown(client: Client, path: str) -> str:
    return text_of(client.get(path).content)


def test_the_index_lists_what_people_look_at_and_no_more(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()
    models = ("pipelinerun", "deadletter", "logloss", "httpcursor", "streammark")
    listed = [model for model in models if f'href="/admin/logpipeline/{model}/"' in page]
    assert listed == ["pipelinerun", "deadletter", "logloss"]


def test_the_index_says_what_there_is(admin_client: Client) -> None:
    assert "Accounts, the model and the log pipeline" in shown(admin_client, "/admin/")


def test_a_run_is_one_line_of_numbers(admin_client: Client, run: PipelineRun) -> None:
    began = f"{run.started:%Y-%m-%d %H:%M:%S} UTC"
    line = "running dead letters continuous 1001 1003 1004 1005 1006 1008 ConnectionTimeout"
    assert f"{began} {line}" in shown(admin_client, RUNS)


def test_a_runs_page_has_all_of_it(admin_client: Client, run: PipelineRun) -> None:
    page = shown(admin_client, f"{RUNS}{run.pk}/change/")
    assert all(text in page for text in ("host:1:a", "Retried: 1007", "Transactions in them: 1002"))


def test_a_run_that_goes_on_has_no_time_of_its_end(admin_client: Client, run: PipelineRun) -> None:
    assert "Ended: Exit code: -" in shown(admin_client, f"{RUNS}{run.pk}/change/")


@pytest.mark.parametrize(
    ("query", "runs"),
    [
        ("", "2 pipeline runs"),
        ("?state=running", "1 pipeline run "),
        ("?state=no+sign+of+life", "1 pipeline run "),
        ("?state=ended", "0 pipeline runs"),
        ("?state=nonsense", "2 pipeline runs"),
        ("?mode__exact=once", "0 pipeline runs"),
        ("?source__exact=dead+letters", "2 pipeline runs"),
    ],
)
def test_runs_are_filtered(admin_client: Client, run: PipelineRun, query: str, runs: str) -> None:
    run.pk, run.seen = None, timezone.now() - SILENT_AFTER - timedelta(seconds=1)
    run.save()
    assert runs in shown(admin_client, RUNS + query)


def test_a_loss_is_one_line(admin_client: Client, loss: LogLoss) -> None:
    noticed = f"{loss.noticed_at:%Y-%m-%d %H:%M:%S} UTC"
    line = f"{noticed} 12 Redis was flushed, or came back without the stream 5-0 6-0"
    assert line in shown(admin_client, LOSSES)


def test_a_loss_is_explained(admin_client: Client) -> None:
    assert "Nothing deletes these lines." in shown(admin_client, LOSSES)


def test_a_losss_page_shows_it(admin_client: Client, loss: LogLoss) -> None:
    assert "Entries lost, at least: 12" in shown(admin_client, f"{LOSSES}{loss.pk}/change/")


@pytest.mark.parametrize("model", ["pipelinerun", "logloss"])
@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_not_even_an_administrator_adds_or_deletes(
    admin_client: Client, run: PipelineRun, loss: LogLoss, model: str, page: str
) -> None:
    pk = {"pipelinerun": run.pk, "logloss": loss.pk}[model]
    path = f"/admin/logpipeline/{model}/{page.format(pk=pk)}"
    assert admin_client.post(path, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["pipelinerun", "logloss"])
def test_not_even_an_administrator_changes(
    admin_client: Client, run: PipelineRun, loss: LogLoss, model: str
) -> None:
    pk = {"pipelinerun": run.pk, "logloss": loss.pk}[model]
    path = f"/admin/logpipeline/{model}/{pk}/change/"
    assert admin_client.post(path, {"lost": "0", "at_least": "0"}).status_code == 403


def test_a_list_without_actions_has_no_boxes_to_tick(
    admin_client: Client, run: PipelineRun
) -> None:
    assert 'type="checkbox"' not in admin_client.get(RUNS).content.decode()


@pytest.mark.parametrize(
    ("permission", "path"), [("view_pipelinerun", RUNS), ("view_logloss", LOSSES)]
)
def test_it_opens_with_the_permission_to_view_and_not_without(
    client: Client, permission: str, path: str
) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    client.force_login(user)
    assert client.get(path).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename=permission))
    assert client.get(path).status_code == 200
