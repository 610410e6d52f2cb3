"""Dead letters in the admin: found, read by who may see health data, queued, deleted."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from logpipeline.dead_letters import queue, queued, store
from logpipeline.models import DeadLetter
from tests.logpipeline.letters import letter, letters, stored
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

LIST = "/admin/logpipeline/deadletter/"
SENTENCE = "by the running pipeline or by manage.py replay_dead_letters"
WHOLE = letter(transaction_id="", index="", reason="not_json", field="", stream_id="5-0")

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(client: Client) -> SignIn:
    """As staff with these permissions to dead letters."""

    def signed_in(*permissions: str) -> Client:
        user = User.objects.create_user("operator", is_staff=True)
        codenames = [f"{permission}_deadletter" for permission in permissions]
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return signed_in


def page_of(row: DeadLetter) -> str:
    return f"{LIST}{row.pk}/change/"


def shown(client: Client, path: str) -> str:
    return text_of(client.get(path).content)


def act(client: Client, action: str, *rows: DeadLetter, **more: str) -> str:
    """Ticks the rows and runs the action; what the list then says."""
    ticked = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return text_of(client.post(LIST, ticked, follow=True).content)


def test_a_letter_is_one_line(admin_client: Client) -> None:
    store([letter(7)])
    row = stored(letter(7))
    moments = [f"{moment:%Y-%m-%d %H:%M:%S} UTC" for moment in (row.first_at, row.last_at)]
    line = "ml-api-logs document_parsing_exception data.status 1 No 7"
    assert " ".join([*moments, line]) in shown(admin_client, LIST)


def test_an_entry_that_nobody_could_read_says_so_in_the_place_of_an_index(
    admin_client: Client,
) -> None:
    store([WHOLE])
    assert "whole entry not_json - 1 No -" in shown(admin_client, LIST)


def test_the_list_says_what_queuing_does(admin_client: Client) -> None:
    assert SENTENCE in shown(admin_client, LIST)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("?index=ml-api-perfs", 1),
        ("?index=-", 1),
        ("?index=ml-api-message", 0),
        ("?reason=not_json", 1),
        ("?queued__exact=1", 2),
        ("?q=2", 1),
        ("?q=5-0", 1),
    ],
)
def test_letters_are_filtered_and_searched(admin_client: Client, query: str, found: int) -> None:
    store([letter(1), letter(2), letter(3, index="ml-api-perfs"), WHOLE])
    queue(DeadLetter.objects.filter(transaction_id__in=["1", "2"]))
    page = admin_client.get(LIST + query).content.decode()
    assert page.count("_selected_action") == found


def test_neither_the_list_nor_its_actions_load_an_original(admin_client: Client) -> None:
    store([letter()])
    row = stored(letter())
    with CaptureQueriesContext(connection) as queries:
        admin_client.get(LIST)
        act(admin_client, "queue_for_replay", row)
        act(admin_client, "delete_selected", row)
        act(admin_client, "delete_selected", row, post="yes")
    assert [query["sql"] for query in queries if '"original"' in query["sql"]] == []
    assert not DeadLetter.objects.exists()


def test_its_page_shows_json_indented(admin_client: Client) -> None:
    store([letter(original=b'{"data":{"AGE":52}}')])
    page = admin_client.get(page_of(stored(letter()))).content.decode()
    assert "{\n  &quot;data&quot;: {\n    &quot;AGE&quot;: 52\n  }\n}</pre>" in page


def test_its_page_shows_other_bytes_as_text(admin_client: Client) -> None:
    store([letter(original=b"\xff<script>")])
    page = admin_client.get(page_of(stored(letter()))).content.decode()
    assert r"b&#x27;\xff&lt;script&gt;&#x27;</pre>" in page


@pytest.mark.parametrize(
    ("original", "sentence"),
    [
        (b"[]", "JSON. Size in bytes: 2."),
        (b"x" * 12_345, "Not JSON; the bytes as Python writes them. Size in bytes: 12,345."),
        (b"x" * 12_345, "Only the first 10,000 characters are shown."),
        (b"[" + b"1," * 99_999 + b"1]", "Only the first 100,000 characters are shown."),
    ],
)
def test_its_page_says_what_the_original_is(
    admin_client: Client, original: bytes, sentence: str
) -> None:
    store([letter(original=original)])
    assert sentence in shown(admin_client, page_of(stored(letter())))


def test_its_page_shows_the_original_in_one_place_only(admin_client: Client) -> None:
    store([letter(original=b'"once"')])
    assert shown(admin_client, page_of(stored(letter()))).count("once") == 1


def test_its_page_says_what_queuing_does_and_saves_nothing(admin_client: Client) -> None:
    store([letter()])
    page = shown(admin_client, page_of(stored(letter())))
    assert SENTENCE in page
    assert admin_client.post(page_of(stored(letter())), {"reason": "x"}).status_code == 403


def test_an_administrator_adds_none(admin_client: Client) -> None:
    assert admin_client.post(f"{LIST}add/", {"key": "mine"}).status_code == 403


def test_the_chosen_ones_are_queued(admin_client: Client) -> None:
    store(letters(3))
    page = act(admin_client, "queue_for_replay", stored(letter(0)), stored(letter(2)))
    assert "2 dead letters are queued for replay." in page
    assert queued(10) == [letter(0), letter(2)]


def test_all_that_a_filter_found_are_queued_though_one_page_does_not_hold_them(
    admin_client: Client,
) -> None:
    store(letters(120))
    page = act(admin_client, "queue_for_replay", stored(letter()), select_across="1")
    assert "120 dead letters are queued for replay." in page


def test_the_admin_keeps_who_queued_what_once(admin_client: Client, admin_user: User) -> None:
    store([letter()])
    for _ in range(2):
        act(admin_client, "queue_for_replay", stored(letter()))
    change = LogEntry.objects.get()
    assert (change.user, change.object_repr) == (admin_user, "ml-api-logs/0")


def test_the_chosen_ones_are_deleted(admin_client: Client) -> None:
    store(letters(3))
    act(admin_client, "delete_selected", stored(letter(1)), post="yes")
    assert set(DeadLetter.objects.values_list("transaction_id", flat=True)) == {"0", "2"}


def test_who_may_view_sees_the_original_and_may_do_nothing(sign_in: SignIn) -> None:
    store([letter()])
    client = sign_in("view")
    assert "AGE" in shown(client, page_of(stored(letter())))
    act(client, "queue_for_replay", stored(letter()))
    act(client, "delete_selected", stored(letter()), post="yes")
    assert stored(letter()).queued is False


def test_who_may_change_but_not_view_queues_without_seeing_the_original(sign_in: SignIn) -> None:
    store([letter()])
    client = sign_in("change")
    act(client, "queue_for_replay", stored(letter()))
    assert client.get(page_of(stored(letter()))).status_code == 403
    assert stored(letter()).queued is True


@pytest.mark.parametrize(("permissions", "linked"), [(["change"], False), (["view"], True)])
def test_a_line_leads_to_its_page_where_one_may_go_there(
    sign_in: SignIn, permissions: list[str], linked: bool
) -> None:
    store([letter()])
    page = sign_in(*permissions).get(LIST).content.decode()
    assert (page_of(stored(letter())) in page) == linked


def test_who_may_change_is_not_offered_to_delete(sign_in: SignIn) -> None:
    store([letter()])
    page = sign_in("view", "change").get(LIST).content.decode()
    assert "queue_for_replay" in page
    assert "delete_selected" not in page


def test_staff_without_a_permission_see_nothing(sign_in: SignIn) -> None:
    store([letter()])
    client = sign_in()
    assert [client.get(path).status_code for path in (LIST, page_of(stored(letter())))] == [403] * 2
