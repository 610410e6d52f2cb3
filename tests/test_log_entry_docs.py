"""docs/log-entry.md shows what the code writes."""

import re
from pathlib import Path
from typing import Any

import orjson
from django.test import RequestFactory

from predictions.features import NAMES
from predictions.log.entry import entries_of
from predictions.profiling import Profiler
from predictions.transaction import Transaction
from tests.predictions.logs import NOON

PAGE = Path(__file__).parent.parent / "docs" / "log-entry.md"


def shown() -> dict[str, Any]:
    """The page's example."""
    block = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    found: dict[str, Any] = orjson.loads(block[1])
    return found


def written() -> dict[str, Any]:
    """An entry of the code's."""
    transaction = Transaction()
    metrics = Profiler().start().stop(transaction)
    request = RequestFactory().post("/predict")
    entries = entries_of(request, 200, transaction, metrics, 1.0, NOON)
    found: dict[str, Any] = orjson.loads(entries.summary)
    return found


def test_its_example_has_the_fields_that_are_written() -> None:
    assert shown().keys() == written().keys()
    assert shown()["data"].keys() == written()["data"].keys()


def test_its_example_has_every_metric() -> None:
    metrics = written()["data"]["performance_metrics"]
    assert shown()["data"]["performance_metrics"].keys() == metrics.keys()


def test_its_example_has_every_input() -> None:
    assert tuple(shown()["data"]["input_data"]) == NAMES


def test_it_explains_every_field() -> None:
    page = PAGE.read_text(encoding="utf-8")
    metrics = written()["data"]["performance_metrics"].keys()
    # Only a demonstration writes it.
    named = [*written()["data"].keys(), *metrics, "demo"]
    assert [
        name for name in named if f"`{name}`" not in page and f"`data.{name}`" not in page
    ] == []
