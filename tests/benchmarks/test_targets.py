import pytest

from benchmarks.contenders import BARE, EVERYTHING, NEITHER
from benchmarks.results import Ran
from benchmarks.targets import Target, targets
from tests.benchmarks.turns import turns, whole


def _target(name: str, **changed: tuple[float, ...]) -> Target:
    results = whole() | {Ran(EVERYTHING.key, 1): turns(**changed)} if changed else whole()
    return next(target for target in targets(results) if target.what.startswith(name))


def test_it_states_each_target_of_the_issue() -> None:
    assert [target.asked for target in targets(whole())] == [0.7, 1.7, 3, 5, 0.5, 1.1]


def test_it_reaches_each_one_in_a_run_that_does() -> None:
    assert all(target.reached(target.asked) for target in targets(whole()))


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("p50", {"p50_ms": (0.71, 0.71, 0.71)}),
        ("requests a second with 32 clients, to bare", {"rate": (1690.0, 1690.0, 1690.0)}),
        ("requests a second with 32 clients, to the proto", {"rate": (1400.0, 1400.0, 1400.0)}),
        ("p99", {"p99_ms": (3.1, 3.1, 3.1)}),
        ("profile's and log's share", {"cpu_ms": (1.3, 1.3, 1.3)}),
        ("CPU of a request with 2 workers", {"cpu_ms": (0.9, 0.9, 0.9)}),
    ],
)
def test_it_misses_one_that_the_run_does_not_reach(
    name: str, figures: dict[str, tuple[float, ...]]
) -> None:
    target = _target(name, **figures)
    assert not target.reached(target.asked)


def test_it_takes_the_share_of_profile_and_log_from_the_cpu() -> None:
    assert _target("profile's and log's share").measured.median == pytest.approx(0.4)


def test_it_judges_by_the_median_of_the_rounds() -> None:
    target = _target("p50", p50_ms=(0.6, 0.6, 0.9))
    assert target.reached(target.asked)


def test_it_leaves_out_what_was_not_measured() -> None:
    some = {Ran(key, 1): whole()[Ran(key, 1)] for key in (EVERYTHING.key, NEITHER.key)}
    assert [target.what for target in targets(some)] == [
        "profile's and log's share of a request's CPU"
    ]


def test_it_sets_bare_fastapis_own_tail_beside_ours() -> None:
    assert Ran(BARE.key, 1) in whole()
    assert _target("p99").beside == "bare FastAPI: 2.00 (2.00 to 2.00)"
