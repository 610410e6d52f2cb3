from predictions.log.breaker import Breaker
from tests.predictions.logs import Clock


def test_it_lets_everybody_through_while_all_is_well() -> None:
    breaker = Breaker()
    assert breaker.is_closed
    assert all(breaker.allows() for _ in range(3))


def test_it_keeps_everybody_off_for_the_pause_after_a_failure() -> None:
    clock = Clock()
    breaker = Breaker(pause=1, clock=clock)
    breaker.failed()
    clock.now += 0.99
    assert not breaker.allows()


def test_it_lets_one_try_after_the_pause() -> None:
    clock = Clock()
    breaker = Breaker(pause=1, clock=clock)
    breaker.failed()
    clock.now += 1
    assert [breaker.allows(), breaker.allows()] == [True, False]


def test_it_closes_again_after_a_success() -> None:
    breaker = Breaker(clock=Clock())
    breaker.failed()
    breaker.succeeded()
    assert breaker.is_closed
    assert breaker.allows()
