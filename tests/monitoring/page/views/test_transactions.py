"""/monitoring/transactions: the search and one transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from elasticsearch import Elasticsearch
from pytest_django import Settings

from monitoring.page.search_form import LAST_PAGE
from predictions.log.entry import Entries
from tests.monitoring.traffic import Cost, id_of, log, prediction, refusal, store
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("valkey")

SEARCH = "/monitoring/transactions"


def minutes_ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def ids_at(client: Client, query: str = "") -> list[str]:
    """The found ones, in their order."""
    content = client.get(f"{SEARCH}{query}").content.decode()
    return [part.split('"')[0] for part in content.split(f'href="{SEARCH}/')[1:]]


@pytest.fixture
def logged(no_elasticsearch: None) -> list[Entries]:
    """Oldest first: slow YES, quick NO, refused."""
    made = [
        prediction(minutes_ago(90), 0.4, cost=Cost(latency=250), path="/predict_proba"),
        prediction(minutes_ago(20), 0.1),
        refusal(minutes_ago(10)),
    ]
    log(made)
    return made


def test_it_finds_the_newest_first(staff: Client, logged: list[Entries]) -> None:
    assert ids_at(staff) == [id_of(each) for each in reversed(logged)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?range=1h", [2, 1]),
        ("?result=YES", [0]),
        ("?result=NO", [1]),
        ("?path=/predict_proba", [0]),
        ("?min_latency=100", [0]),
        ("?min_latency=100&result=NO", []),
        ("?path=/logs", []),
    ],
)
def test_it_finds_what_fits(
    staff: Client, logged: list[Entries], query: str, found: list[int]
) -> None:
    assert ids_at(staff, query) == [id_of(logged[number]) for number in found]


def test_it_finds_one_by_its_id(staff: Client, logged: list[Entries]) -> None:
    assert ids_at(staff, f"?id=%20{id_of(logged[1])}%20") == [id_of(logged[1])]


def test_it_searches_elasticsearch(staff: Client, elastic: Elasticsearch) -> None:
    made = prediction(minutes_ago(60 * 20), 0.4)
    store(elastic, [made])
    assert ids_at(staff) == [id_of(made)]
    assert "from Elasticsearch" in text_of(staff.get(SEARCH).content)


def test_it_says_that_nothing_fits(staff: Client, logged: list[Entries]) -> None:
    content = staff.get(f"{SEARCH}?id=nobody").content
    assert "No transaction fits." in text_of(content)
    # It may be older than the time that was searched.
    assert f'href="{SEARCH}/nobody"' in content.decode()


def test_it_leads_from_page_to_page_with_the_same_search(
    staff: Client, no_elasticsearch: None
) -> None:
    log([prediction(minutes_ago(30 - n / 10), 0.4) for n in range(30)])
    content = staff.get(f"{SEARCH}?result=YES&range=1h").content.decode()
    assert 'href="?result=YES&amp;range=1h&amp;page=2"' in content
    first, second = ids_at(staff, "?range=1h"), ids_at(staff, "?range=1h&page=2")
    assert (len(first), len(second), set(first) & set(second)) == (25, 5, set())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?min_latency=fast", "Took at least (ms) (min_latency): Enter a number."),
        ("?min_latency=-1", "(min_latency): Ensure this value is greater than or equal to 0."),
        ("?min_latency=nan", "(min_latency): Enter a number."),
        ("?min_latency=1e400", "(min_latency): Enter a number."),
        ("?result=MAYBE", "Result (result): Select a valid choice. MAYBE is not one"),
        ("?path=/admin", "Path (path): Select a valid choice. /admin is not one"),
        ("?page=0", "Page (page): Ensure this value is greater than or equal to 1."),
        (
            f"?page={LAST_PAGE + 1}",
            f"(page): Ensure this value is less than or equal to {LAST_PAGE}.",
        ),
        ("?page=x", "Page (page): Enter a whole number."),
        ("?from=x", "From (from): Not a date and time."),
        ("?id=" + "x" * 101, "Transaction id (id): Ensure this value has at most 100"),
        ("?id=%00", "Transaction id (id): Null characters are not allowed."),
    ],
)
def test_it_names_the_field_that_it_does_not_understand(
    staff: Client, no_elasticsearch: None, query: str, words: str
) -> None:
    response = staff.get(f"{SEARCH}{query}")
    assert response.status_code == 422
    assert words in text_of(response.content)


@pytest.mark.parametrize("name", ["AGE", "SYS_BP", "probability"])
def test_it_does_not_search_by_what_says_something_of_a_person(
    staff: Client, logged: list[Entries], name: str
) -> None:
    assert ids_at(staff, f"?{name}=1") == ids_at(staff)


@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
@pytest.mark.parametrize("address", [SEARCH, f"{SEARCH}/x"])
def test_it_says_that_there_is_nothing_to_search_in(staff: Client, address: str) -> None:
    response = staff.get(address)
    assert response.status_code == 503
    assert "Redis" in text_of(response.content)


def test_one_is_shown_with_all_that_is_known_of_it(staff: Client, no_elasticsearch: None) -> None:
    made = prediction(minutes_ago(5), 0.4, cost=Cost(functions={"a.py:1(slow)": (3, 4.0)}))
    log([made])
    text = text_of(staff.get(f"{SEARCH}/{id_of(made)}").content)
    for words in ("Result YES 40.0%", "Age AGE 52 years", "slow a.py:1 3 4.00 ms", "1.0.0+test"):
        assert words in text


def test_one_is_found_where_only_elasticsearch_has_it(
    staff: Client, elastic: Elasticsearch
) -> None:
    made = prediction(minutes_ago(60 * 24 * 20), 0.4)
    store(elastic, [made])
    assert "YES 40.0%" in text_of(staff.get(f"{SEARCH}/{id_of(made)}").content)


def test_it_says_where_it_has_looked(staff: Client, elastic: Elasticsearch) -> None:
    response = staff.get(f"{SEARCH}/nobody")
    assert response.status_code == 404
    assert "neither in Elasticsearch nor among the latest" in text_of(response.content)


def test_it_says_that_it_could_look_in_redis_only(staff: Client, settings: Settings) -> None:
    settings.ES_URL = ""
    response = staff.get(f"{SEARCH}/nobody")
    assert response.status_code == 404
    assert "No Elasticsearch is configured" in text_of(response.content)


def test_it_says_that_it_could_not_look_everywhere(staff: Client, no_elasticsearch: None) -> None:
    response = staff.get(f"{SEARCH}/nobody")
    assert response.status_code == 503
    assert "not everywhere could be looked" in text_of(response.content)


def test_it_escapes_what_a_client_has_sent(staff: Client, no_elasticsearch: None) -> None:
    made = prediction(minutes_ago(5), model_version="<script>alert(1)</script>")
    log([made])
    assert b"<script>alert" not in staff.get(f"{SEARCH}/{id_of(made)}").content
    assert b"<script>alert" not in staff.get(f"{SEARCH}/<script>alert(1)").content
