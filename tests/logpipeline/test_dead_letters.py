"""Dead letters: stored once each, counted, queued, settled; whoever does so at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from logpipeline.dead_letters import Letter, queue, queued, settle, store
from logpipeline.models import DeadLetter
from tests.logpipeline.letters import letter, letters, stored

pytestmark = pytest.mark.django_db

# More than one statement takes.
MANY = 200


@pytest.mark.parametrize(
    ("about", "key"),
    [
        (letter(7, index="ml-api-perfs"), "ml-api-perfs/7"),
        (letter(7, index=""), "entry/7"),
        (letter(transaction_id="", index="", stream_id="5-0"), "stream/5-0"),
        (letter(transaction_id="a\0b\ud800"), "ml-api-logs/a\N{REPLACEMENT CHARACTER}b?"),
    ],
)
def test_its_key_is_the_index_and_transaction_or_the_place_in_the_stream(
    about: Letter, key: str
) -> None:
    assert about.key == key


def test_a_new_one_is_kept_as_it_came() -> None:
    about = letter(original=b"\0\xff{")
    store([about])
    row = stored(about)
    kept = {name: getattr(row, name) for name in asdict(about)}
    assert kept | {"original": bytes(row.original)} == asdict(about)


def test_a_new_one_has_been_tried_once_and_is_not_queued() -> None:
    before = timezone.now()
    store([letter()])
    row = stored(letter())
    assert (row.tries, row.queued) == (1, False)
    assert before <= row.first_at == row.last_at <= timezone.now()


def test_a_known_one_counts_a_try_more_and_has_the_newest_reason() -> None:
    store([letter(reason="poison", field="")])
    store([letter(reason="strict_dynamic_mapping_exception", field="data.new")])
    row = stored(letter())
    assert row.tries == 2
    assert (row.reason, row.field) == ("strict_dynamic_mapping_exception", "data.new")


def test_a_known_one_keeps_its_original_and_its_first_time() -> None:
    store([letter(original=b"first")])
    first_at = stored(letter()).first_at
    store([letter(original=b"second")])
    row = stored(letter())
    assert bytes(row.original) == b"first"
    assert row.first_at == first_at < row.last_at


def test_one_that_failed_again_is_not_queued_any_more() -> None:
    store([letter()])
    queue(DeadLetter.objects.all())
    store([letter()])
    assert stored(letter()).queued is False


def test_it_says_how_many_are_new() -> None:
    assert store(letters(MANY)) == MANY
    assert store(letters(MANY + 3)) == 3


def test_the_same_one_twice_in_one_call_is_one_letter_with_two_tries() -> None:
    assert store([letter(1), letter(2), letter(1)]) == 2
    assert [stored(letter(number)).tries for number in (1, 2)] == [2, 1]


def test_one_transaction_has_a_letter_for_each_index() -> None:
    assert store([letter(index="ml-api-logs"), letter(index="ml-api-perfs")]) == 2


def test_none_is_no_work(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert store([]) == 0


def test_a_thousand_take_few_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(50):
        store(letters(1000))
    assert DeadLetter.objects.count() == 1000


def test_text_of_any_kind_and_length_is_stored() -> None:
    about = letter(transaction_id="\0", stream_id="9" * 99, reason="\ud800" * 999, field="\0" * 999)
    store([about])
    assert stored(about).field == "\N{REPLACEMENT CHARACTER}" * 200


def test_an_original_of_20_mb_is_stored() -> None:
    store([letter(original=b"x" * 20_000_000)])
    assert len(stored(letter()).original) == 20_000_000


def test_where_the_database_refuses_one_none_is_stored() -> None:
    with pytest.raises(DatabaseError):
        store([*letters(MANY), letter(transaction_id="last", original=None)])
    assert DeadLetter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_processes_may_store_the_same_ones_at_once() -> None:
    together = threading.Barrier(2)

    def process(rounds: int) -> int:
        try:
            together.wait(10)
            return sum(store(letters(MANY)) for _ in range(rounds))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(process, [3, 3])) == MANY
    assert set(DeadLetter.objects.values_list("tries", flat=True)) == {6}


def test_it_queues_those_that_a_person_chose() -> None:
    store([letter(1), letter(2)])
    assert queue(DeadLetter.objects.filter(transaction_id="2")) == 1
    assert [each.transaction_id for each in queued(10)] == ["2"]


def test_the_queued_ones_come_as_they_were_stored_oldest_first() -> None:
    store([letter(2)])
    store([letter(1, original=b"\xff")])
    queue(DeadLetter.objects.all())
    assert queued(10) == [letter(2), letter(1, original=b"\xff")]


def test_no_more_of_the_queued_ones_come_than_asked_for() -> None:
    store(letters(5))
    queue(DeadLetter.objects.all())
    assert len(queued(3)) == 3


def test_looking_for_queued_ones_reads_an_index_and_not_the_table() -> None:
    plan = DeadLetter.objects.filter(queued=True).order_by("id")[:10].explain()
    assert "dead_letters_queued" in plan


def test_a_settled_one_is_gone_and_the_others_stay() -> None:
    store(letters(MANY))
    keys = [each.key for each in letters(MANY - 1)]
    assert settle([*keys, keys[0], "ml-api-logs/unknown"]) == MANY - 1
    assert DeadLetter.objects.get().transaction_id == str(MANY - 1)


def test_a_settled_one_that_fails_again_is_a_new_one() -> None:
    store([letter()])
    settle([letter().key])
    assert store([letter()]) == 1
