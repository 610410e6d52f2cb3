"""What a web process does before its first request."""

import gc
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from predictions.startup import load


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """This process has more to do, whose garbage must be collected."""
    yield
    gc.unfreeze()


def test_it_keeps_what_is_loaded_from_the_collector_which_then_goes_on() -> None:
    before = gc.get_freeze_count()
    load()
    assert gc.get_freeze_count() > before
    assert gc.isenabled()


def test_without_a_model_the_site_starts_all_the_same(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MODEL_PATH = "no-such-model.pkl"
    load()
    assert "Predictions cannot be answered: There is no readable model" in caplog.text
    assert gc.isenabled()
