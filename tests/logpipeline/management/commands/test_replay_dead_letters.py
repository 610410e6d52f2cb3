"""``manage.py replay_dead_letters``: letters go where they belong, under the identity they had."""

import pytest
from pytest_django import Settings

from logpipeline.dead_letters import Letter, queue, store
from logpipeline.models import DeadLetter, PipelineRun
from tests.faults.pipeline import INDICES, Ends, ids, predictions, refused
from tests.logpipeline.management.commands.typed import Typed
from tests.logpipeline.rules.samples import drop
from tests.logpipeline.sources.streams import database_away

# Django closes the database after a command.
pytestmark = pytest.mark.django_db(transaction=True)

REPLAY = "replay_dead_letters"
LOGS, MESSAGE, PERFS = INDICES
PARSING = "document_parsing_exception"


def letters(*contents: bytes, index: str = LOGS, reason: str = PARSING) -> list[str]:
    """Stores them as dead; their transaction ids, sorted."""
    found = [
        Letter(f"{number}-0", ids([content])[0], index, content, reason)
        for number, content in enumerate(contents)
    ]
    store(found)
    return ids(list(contents))


def left() -> list[tuple[str, str, int, bool]]:
    """Of the letters that are left: index, transaction id, tries, queued."""
    rows = DeadLetter.objects.order_by("index", "transaction_id")
    return list(rows.values_list("index", "transaction_id", "tries", "queued"))


def test_only_those_that_are_queued_are_sent(ends: Ends, typed: Typed) -> None:
    first, second = predictions(2)
    letters(first, second)
    (chosen,) = ids([first])
    queue(DeadLetter.objects.filter(transaction_id=chosen))
    seen = typed(REPLAY)
    assert (seen.code, ends.ids_in(LOGS)) == (0, [chosen])
    assert left() == [(LOGS, ids([second])[0], 1, False)]
    assert seen.out.endswith("1 dead letter is left.\n")


def test_all_are_sent_where_all_are_asked_for(ends: Ends, typed: Typed) -> None:
    given = letters(*predictions(3))
    seen = typed(REPLAY, "--all")
    assert (seen.code, seen.table["indexed"], ends.ids_in(LOGS), left()) == (0, 3, given, [])


def test_those_with_a_reason_are_sent(ends: Ends, typed: Typed) -> None:
    first, second = predictions(2)
    chosen = letters(first, reason="too_large")
    letters(second)
    typed(REPLAY, "--reason", "too_large")
    assert (ends.ids_in(LOGS), len(left())) == (chosen, 1)


def test_those_for_an_index_are_sent_to_that_one_only(ends: Ends, typed: Typed) -> None:
    (content,) = predictions(1)
    chosen = letters(content, index=PERFS)
    letters(content, index=MESSAGE)
    typed(REPLAY, "--index", PERFS)
    assert [ends.ids_in(alias) for alias in INDICES] == [[], [], chosen]
    assert [index for index, *_ in left()] == [MESSAGE]


def test_a_whole_entry_goes_to_every_index(ends: Ends, typed: Typed) -> None:
    (content,) = predictions(1)
    store([Letter("1-0", "", "", content, "poison")])
    typed(REPLAY, "--all")
    assert [ends.ids_in(alias) for alias in INDICES] == [ids([content])] * 3
    assert left() == []


def test_one_that_was_stored_meanwhile_is_not_stored_twice(ends: Ends, typed: Typed) -> None:
    given = predictions(1)
    ends.add(given)
    typed("run_log_pipeline", "--once")
    letters(*given)
    seen = typed(REPLAY, "--all")
    assert (seen.table["duplicates"], ends.ids_in(LOGS), left()) == (1, ids(given), [])


def test_one_that_is_refused_again_stays_with_a_try_more(ends: Ends, typed: Typed) -> None:
    good, bad = predictions(2)
    letters(good, refused(bad))
    seen = typed(REPLAY, "--all")
    assert (seen.code, seen.table["indexed"], seen.table["dead"]) == (0, 1, 1)
    assert left() == [(LOGS, ids([bad])[0], 2, False)]


def test_one_that_a_rule_drops_now_is_counted_and_gone(
    ends: Ends, typed: Typed, settings: Settings
) -> None:
    letters(*predictions(1))
    settings.LOG_PIPELINE_RULES = [drop("all of it")]
    seen = typed(REPLAY, "--all")
    assert (seen.table["all of it"], ends.ids_in(LOGS), left()) == (1, [], [])


def test_where_there_are_none_nothing_is_sent(ends: Ends, typed: Typed) -> None:
    seen = typed(REPLAY, "--all")
    assert (seen.code, seen.table["read"]) == (0, 0)
    assert seen.out.endswith("0 dead letters are left.\n")


def test_it_is_a_run_for_the_admin(ends: Ends, typed: Typed) -> None:
    letters(*predictions(2))
    typed(REPLAY, "--all")
    row = PipelineRun.objects.get()
    assert (row.source, row.mode, row.exit_code) == ("dead letters", "once", 0)
    assert (row.read, row.indexed) == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--all --reason poison", "argument --reason: not allowed with argument --all"),
        ("--index everything", "argument --index: invalid choice: 'everything'"),
        ("--nonsense", "unrecognized arguments: --nonsense"),
    ],
)
def test_bad_usage_is_2(typed: Typed, arguments: str, said: str) -> None:
    seen = typed(REPLAY, *arguments.split())
    assert (seen.code, len(seen.lines)) == (2, 2)
    assert seen.lines[-1].startswith(f"manage.py replay_dead_letters: error: {said}")


def test_without_an_elasticsearch_they_stay_and_wait(typed: Typed, settings: Settings) -> None:
    (given,) = letters(*predictions(1))
    settings.ES_URL = ""
    seen = typed(REPLAY, "--all")
    assert (seen.code, len(seen.lines), left()) == (1, 1, [(LOGS, given, 1, True)])
    assert seen.lines[0].startswith("CommandError: No Elasticsearch is named: set ES_URL")


def test_a_database_that_is_away_is_one_line(typed: Typed) -> None:
    with database_away():
        seen = typed(REPLAY, "--all")
    assert (seen.code, seen.lines) == (
        1,
        ["CommandError: The database does not answer (OperationalError)."],
    )
