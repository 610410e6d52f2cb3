"""How a pipeline runs where nobody says how: as the settings' own defaults say."""

from django.conf import settings

from logpipeline.delivery.options import GaveUpError, Options


def test_it_runs_as_the_settings_say() -> None:
    given = Options()
    assert (given.interval, given.give_up_after) == (
        settings.LOG_PIPELINE_INTERVAL,
        settings.LOG_PIPELINE_GIVE_UP,
    )
    assert not given.once


def test_it_says_that_it_lives_more_often_than_others_look() -> None:
    assert Options().housekeeping < settings.LOG_PIPELINE_CLAIM_AFTER / 4


def test_what_made_it_give_up_is_its_text() -> None:
    assert str(GaveUpError("It is away.")) == "It is away."
