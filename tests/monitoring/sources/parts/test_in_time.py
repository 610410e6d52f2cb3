"""Asking several things at once."""

import threading
import time

import pytest
from django.utils.translation import get_language, override

from monitoring.sources.parts.in_time import DidNotAnswerError, answer_of, answers_in_time


def fail() -> None:
    raise LookupError("why")


def test_it_gives_each_answer_by_its_name() -> None:
    assert answers_in_time({"one": lambda: 1, "two": lambda: "2"}, 5) == {"one": 1, "two": "2"}


def test_what_is_raised_is_the_answer() -> None:
    found = answers_in_time({"fails": fail, "works": lambda: 1}, 5)
    assert (type(found["fails"]), found["works"]) == (LookupError, 1)
    assert isinstance(answer_of(fail), LookupError)


def test_they_are_asked_at_the_same_time_and_not_waited_for_longer_than_said() -> None:
    released = threading.Event()
    began = time.monotonic()
    found = answers_in_time({"a": released.wait, "b": released.wait, "c": lambda: 1}, 0.1)
    assert time.monotonic() - began < 1
    released.set()
    assert [type(found[name]) for name in "abc"] == [DidNotAnswerError, DidNotAnswerError, int]


def test_they_answer_in_the_language_of_the_reader() -> None:
    with override("fr"):
        assert answers_in_time({"language": get_language}, 5) == {"language": "fr"}


def test_no_more_are_asked_while_many_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.sources.parts.in_time._MOST_THREADS", 1)
    released = threading.Event()
    answers_in_time({"hangs": released.wait}, 0)
    found = answers_in_time({"works": lambda: 1}, 5)
    released.set()
    assert isinstance(found["works"], DidNotAnswerError)
