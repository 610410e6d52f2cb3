"""What is asked in the week: single people by form and API, batches, and mistakes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
import orjson

from tools.demo.people import People, as_form, as_json
from tools.demo.week import Week, holds, visits

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
_BY_FORM: Final = 0.04
_PROBABILITIES_ONLY: Final = 0.2
_MISTAKES: Final = 0.02
# A list of the day's patients, sent before the doors open.
_BATCH_AT: Final = timedelta(hours=6, minutes=30)
_LARGEST_BATCH: Final = 120
_ROWS_OF_REQUESTS: Final = 20
# Seconds that an answer of the slow hour takes longer: at first some, then more.
_SLOWER: Final = (0.13, 0.19)
_SLOWEST: Final = (0.26, 0.34)
_PART_BEFORE_SLOWEST: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. ``slower_by``: seconds; ``model_away``: the model file is not there."""

    at: datetime
    path: str
    body: bytes
    content_type: str = JSON
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    slower_by: float = 0
    model_away: bool = False


def traffic(week: Week, people: People, count: int, random: np.random.Generator) -> list[Ask]:
    """All requests of the week, oldest first: ``count`` and some, batches among them."""
    asked = [_single(at, week, people, random) for at in visits(week, count, random)]
    rows = min(_LARGEST_BATCH, count // _ROWS_OF_REQUESTS)
    asked += [_batch(at, week, people, rows) for at in _batches(week)]
    return sorted(asked, key=lambda ask: ask.at)


def _batches(week: Week) -> Iterator[datetime]:
    times = (day + _BATCH_AT for day in week.working_days())
    return (at for at in times if holds(week.period, at))


def _single(at: datetime, week: Week, people: People, random: np.random.Generator) -> Ask:
    person = people.next(shifted=holds(week.shifted, at))
    if random.random() < _MISTAKES:
        ask = _mistake(at, as_json(person), random)
    elif random.random() < _BY_FORM:
        headers = {"HX-Request": "true", "Accept": "text/html"}
        body = urlencode(as_form(person)).encode()
        ask = Ask(at=at, path="/", body=body, content_type=FORM, headers=headers)
    else:
        path = "/predict_proba" if random.random() < _PROBABILITIES_ONLY else "/predict"
        ask = Ask(at=at, path=path, body=orjson.dumps(as_json(person)))
    return replace(ask, slower_by=_slower_by(at, week, random), model_away=holds(week.away, at))


def _slower_by(at: datetime, week: Week, random: np.random.Generator) -> float:
    if not holds(week.slow, at):
        return 0
    first = (at - week.slow.start) / week.slow.span < _PART_BEFORE_SLOWEST
    return float(random.uniform(*(_SLOWER if first else _SLOWEST)))


def _batch(at: datetime, week: Week, people: People, rows: int) -> Ask:
    shifted = holds(week.shifted, at)
    instances = [as_json(people.next(shifted=shifted)) for _ in range(rows)]
    if instances:
        # A typing error in the list: this row is refused, the others are answered.
        instances[-1]["SYS_BP"] = 1300
    return Ask(at=at, path="/predict_batch", body=orjson.dumps({"instances": instances}))


def _mistake(at: datetime, person: dict[str, Any], random: np.random.Generator) -> Ask:
    """Out of the limits, pressures the wrong way round, a field missing, no JSON, a GET."""
    body = orjson.dumps(person)
    swapped = {**person, "SYS_BP": person["DIA_BP"], "DIA_BP": person["SYS_BP"]}
    wrong: Sequence[Ask] = (
        Ask(at=at, path="/predict", body=orjson.dumps({**person, "TOT_CHOL": 5.2})),
        Ask(at=at, path="/predict", body=orjson.dumps({**person, "AGE": 540})),
        Ask(at=at, path="/predict", body=orjson.dumps(swapped)),
        Ask(at=at, path="/predict", body=orjson.dumps(_without(person, "SYS_BP"))),
        Ask(at=at, path="/predict", body=body[:-20]),
        Ask(at=at, path="/predict", body=b"", method="GET"),
    )
    return wrong[int(random.integers(len(wrong)))]


def _without(person: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in person.items() if key != name}
