"""What to look at first."""

import pytest

from monitoring.alerts.definitions import ALERTS
from monitoring.page.hints import HINTS, hint_of


def test_every_alert_has_a_hint() -> None:
    assert list(HINTS) == [each.name for each in ALERTS]


@pytest.mark.parametrize("name", ["", "of an earlier version"])
def test_an_alert_that_is_not_defined_has_none(name: str) -> None:
    assert hint_of(name) == ""
