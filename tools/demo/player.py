"""Plays the requests through the site's own code, in this process, as fast as it can."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Final

from django.conf import settings
from django.test import Client, override_settings

from tools.demo.simulated import at, simulation
from tools.demo.traffic import FORM, Ask

# Slow answers mostly sleep: so many at once, as a site would have.
_AT_ONCE: Final = 8
_NO_MODEL: Final = "model-that-is-being-replaced.pkl"


class Visitor:
    """A browser and an API client; not to be shared by threads."""

    def __init__(self) -> None:
        self._client = Client(
            enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME="localhost"
        )
        self._token = ""

    def ask(self, ask: Ask) -> int:
        """The answer's status."""
        body, headers = ask.body, ask.headers
        if ask.content_type == FORM:
            body += b"&csrfmiddlewaretoken=" + self._csrf_token().encode()
        with at(ask.at, ask.slower_by):
            response = self._client.generic(
                ask.method, ask.path, body, ask.content_type, headers=headers
            )
            return int(response.status_code)

    def _csrf_token(self) -> str:
        if not self._token:
            self._client.get("/", headers={"Accept": "text/html"})
            self._token = self._client.cookies["csrftoken"].value
        return self._token


def play(asks: Iterable[Ask], on_answer: Callable[[], None] = lambda: None) -> Counter[int]:
    """How many answers there were of each status. ``asks``: oldest first."""
    with simulation():
        visitor = Visitor()
        statuses: Counter[int] = Counter()
        for model_away, spell in groupby(asks, key=lambda ask: ask.model_away):
            with override_settings(MODEL_PATH=_model_path(model_away)):
                for slow, some in groupby(spell, key=lambda ask: ask.slower_by > 0):
                    if slow:
                        statuses += _play_at_once(list(some), on_answer)
                    else:
                        statuses += _play(visitor, some, on_answer)
        return statuses


def _play(visitor: Visitor, asks: Iterable[Ask], on_answer: Callable[[], None]) -> Counter[int]:
    statuses: Counter[int] = Counter()
    for ask in asks:
        statuses[visitor.ask(ask)] += 1
        on_answer()
    return statuses


def _play_at_once(asks: Sequence[Ask], on_answer: Callable[[], None]) -> Counter[int]:
    """In about their order: they take turns."""
    turns = [asks[number::_AT_ONCE] for number in range(_AT_ONCE)]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        played = threads.map(lambda turn: _play(Visitor(), turn, on_answer), turns)
        return sum(played, Counter())


def _model_path(away: bool) -> str:
    """Of a file that is not there, while the model is away."""
    path: str = settings.MODEL_PATH
    return str(Path(path).with_name(_NO_MODEL)) if away else path
