"""The evaluator of the alerts, as `make run` starts it."""

import pytest

from heartrisk_site.environment import Environment
from tools.run.alerts import services


def test_it_starts_after_the_web_server_and_the_site_does_not_wait_for_it() -> None:
    (service,) = services(Environment())
    assert (service.starts_after, service.essential) == ("web", False)


def test_a_site_that_does_not_log_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_TO_REDIS", "false")
    assert services(Environment()) == []
