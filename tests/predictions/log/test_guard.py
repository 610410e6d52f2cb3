import logging

import pytest

from predictions.log.guard import LoggedFailure

LOGGER = logging.getLogger("test")


def test_it_names_the_class_of_a_failure_and_never_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with LoggedFailure(LOGGER, "Logging failed"):
        raise ValueError("AGE=52")
    assert caplog.messages == ["Logging failed: ValueError"]


def test_it_is_silent_when_nothing_fails(caplog: pytest.LogCaptureFixture) -> None:
    with LoggedFailure(LOGGER, "Logging failed"):
        pass
    assert caplog.messages == []


def test_it_does_not_hold_up_the_end_of_the_process() -> None:
    with pytest.raises(SystemExit), LoggedFailure(LOGGER, "Logging failed"):
        raise SystemExit


def test_it_lets_other_failures_through() -> None:
    with pytest.raises(ValueError, match="other"), LoggedFailure(LOGGER, "Failed", OSError):
        raise ValueError("other")
