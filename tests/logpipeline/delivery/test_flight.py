"""A batch on its way: what has ended is counted, the rest is left to be sent again."""

from concurrent.futures import Future

from logpipeline.dead_letters import Letter
from logpipeline.delivery.bulk import Outcome
from logpipeline.delivery.flight import Flight
from logpipeline.delivery.preparation import Unit
from logpipeline.sources.dead_letter_source import DeadLetterSource
from tests.logpipeline.rules.samples import EVERYTHING, drop
from tests.logpipeline.units import batch_of, prepared
from tests.predictions.logs import line

SOURCE = DeadLetterSource(10)


def flight_of(count: int) -> Flight:
    return Flight.of(SOURCE, batch_of(count), now=7.0)


def letter_of(unit: Unit) -> Letter:
    return Letter(unit.stream_id, unit.entry.transaction_id, unit.alias, b"", "refused")


def test_it_begins_with_everything_to_be_sent() -> None:
    flight = flight_of(2)
    assert flight.units == flight.prepared.units
    assert (flight.may_be_sent, flight.has_ended, flight.started) == (True, False, 7.0)


def test_what_ended_before_it_was_sent_is_counted() -> None:
    rules = [drop("unwanted", {"path": "/x"}), EVERYTHING]
    flight = Flight.of(SOURCE, prepared(line(path="/x"), line(), rules=rules), 0)
    assert flight.counts == {
        "read": 2,
        "transactions": 2,
        "filtered": 1,
        "filtered:unwanted": 1,
    }


def test_one_with_nothing_to_send_has_ended() -> None:
    flight = Flight.of(SOURCE, prepared(b"not JSON"), 0)
    assert (flight.may_be_sent, flight.has_ended) == (False, True)


def test_one_under_way_is_not_sent_again() -> None:
    flight = flight_of(1)
    flight.sending = Future()
    assert (flight.may_be_sent, flight.has_ended) == (False, False)


def test_the_preparation_keeps_its_units() -> None:
    flight = flight_of(2)
    flight.take_in(Outcome(stored=flight.units), ())
    assert len(flight.prepared.units) == 2


def test_what_is_stored_has_ended() -> None:
    flight = flight_of(3)
    first, *others = flight.units
    flight.sending = Future()
    flight.take_in(Outcome(stored=others, duplicates=[first]), ())
    assert (flight.has_ended, flight.troubled) == (True, False)
    assert flight.counts.parts("indexed") == {"ml-api-logs": 2}
    assert flight.counts.parts("duplicates") == {"ml-api-logs": 1}


def test_what_is_to_be_sent_again_is_left() -> None:
    flight = flight_of(2)
    stored, again = flight.units
    flight.take_in(Outcome(stored=[stored], again=[again]), ())
    assert (flight.units, flight.troubled, flight.may_be_sent) == ([again], True, True)


def test_what_is_refused_has_ended_as_a_letter() -> None:
    flight = flight_of(1)
    (unit,) = flight.units
    flight.take_in(Outcome(refused=[(unit, letter_of(unit))]), ())
    assert (flight.has_ended, flight.prepared.letters) == (True, [letter_of(unit)])


def test_where_every_document_is_refused_it_is_left() -> None:
    flight = flight_of(1)
    (unit,) = flight.units
    flight.take_in(Outcome(refused=[(unit, letter_of(unit))]), {"ml-api-logs"})
    assert (flight.units, flight.prepared.letters, flight.troubled) == ([unit], [], True)


def test_the_trouble_of_one_try_is_not_that_of_the_next() -> None:
    flight = flight_of(1)
    flight.take_in(Outcome(again=flight.units), ())
    flight.take_in(Outcome(stored=flight.units), ())
    assert (flight.troubled, flight.counts["indexed"]) == (False, 1)
