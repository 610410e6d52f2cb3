"""Versions of Kibana."""

import pytest

from kibana.server.version import NEWEST, OLDEST, Version


@pytest.mark.parametrize("text", ["8.18.8", "8.18.0-SNAPSHOT", "8.18"])
def test_two_numbers_decide(text: str) -> None:
    assert Version.parse(text) == Version(8, 18)


@pytest.mark.parametrize("text", ["", "8", "eight.nine", "None"])
def test_what_is_none_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|not enough values"):
        Version.parse(text)


def test_they_are_numbers_and_no_text() -> None:
    assert OLDEST < NEWEST < Version(9, 0)
    assert str(OLDEST) == "8.9"
