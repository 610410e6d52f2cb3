import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from benchmarks.plot import figure
from tests.benchmarks.turns import whole


@pytest.fixture
def drawn() -> Figure:
    return figure(whole())


def test_it_draws_a_bar_for_each_service_with_one_worker(drawn: Figure) -> None:
    left, _ = drawn.axes
    assert [label.get_text() for label in left.get_yticklabels()] == [
        "heartrisk, everything on",
        "heartrisk, profile and log off",
        "bare FastAPI",
        "the prototype's shape",
    ]


def test_its_bars_are_as_long_as_the_ratios(drawn: Figure) -> None:
    _, right = drawn.axes
    lengths = [bar.get_width() for bar in right.patches if isinstance(bar, Rectangle)]
    assert lengths == pytest.approx([2.0, 1.0, 1.0, 0.3])


def test_its_whiskers_reach_from_the_least_to_the_most_of_the_rounds(drawn: Figure) -> None:
    left, _ = drawn.axes
    (whiskers,) = [each for each in left.collections if hasattr(each, "get_segments")]
    assert whiskers.get_segments()[0][:, 0] == pytest.approx([0.5, 0.6])
