"""A site's stream over HTTP (/logs_api), for a pipeline on another host.

The cursor is kept in the database before the site is told, so that neither a crash nor a
site that is away makes us start again; what is read twice is stored once all the same.
Our own requests are entries of the log, too: it never ends, and asking at once for what
has come meanwhile would go on for ever.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson
from django.db import DatabaseError
from django.db.models import QuerySet

from logpipeline.models import HttpCursor
from logpipeline.sources.source import (
    ConflictError,
    CredentialsError,
    Delivery,
    UnavailableError,
)

START: Final = "0-0"
_TIMEOUT_S: Final = 30.0
# A page whose reader died: the next one is smaller, then one entry alone (see ``takeover``).
_PAGES: Final = {0: 5000, 1: 5000, 2: 50}
# Asking and acknowledging leave two entries, so that smaller pages would never come to an end.
_LEAST: Final = 10


@dataclass(frozen=True, slots=True)
class _Page:
    """``length``: how many entries the site has, those of this page and before with them."""

    deliveries: list[Delivery]
    following: str
    length: int


class HttpSource:
    """Pages in order, one at a time: the site's acknowledgement is for all up to an id."""

    name = "http"
    most_in_flight = 1

    def __init__(
        self,
        url: str,
        token: str,
        *,
        batch_size: int,
        interval: float,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``interval``: seconds until it asks again where it has read all there was."""
        headers = {"Authorization": f"Token {token}"} if token else {}
        self._url = url.rstrip("/")
        # The site gives no more at once.
        self._batch_size = min(max(batch_size, _LEAST), _PAGES[0])
        self._client = httpx.Client(
            base_url=self._url, headers=headers, timeout=_TIMEOUT_S, transport=transport
        )
        self._position = START
        self._attempts = 0
        self._length = 0
        self._interval = interval
        self._clock = clock
        self._ask_at = 0.0
        self._has_all = False

    def open(self) -> None:
        """Also asks whether a pipeline reads the same log from Redis."""
        cursor, _ = HttpCursor.objects.get_or_create(url=self._url, defaults={"position": START})
        self._position = cursor.position
        self._acknowledge(self._position)

    def read(self, wait: float) -> list[Delivery]:
        if (early := self._ask_at - self._clock()) > 0:
            time.sleep(min(wait, early))
            return []
        self._attempts = self._cursor().get().attempts
        limit = min(self._batch_size, _PAGES.get(self._attempts, 1))
        page = self._page(self._position, limit, self._attempts + 1)
        self._length = page.length
        # What came before was acknowledged and is gone.
        self._has_all = not page.deliveries or page.length <= len(page.deliveries)
        if self._has_all:
            self._ask_at = self._clock() + self._interval
        if page.deliveries:
            # Before anything is done with the page: should it kill us, the next reader knows.
            self._cursor().update(attempts=self._attempts + 1)
            self._position = page.following
        return page.deliveries

    def acknowledge(
        self, ids: Sequence[str], dead: Collection[str], counts: Mapping[str, int]
    ) -> None:
        # Not 0 at once: where small pages were needed, the next ones are small, too.
        attempts = max(0, self._attempts - 1)
        self._cursor().update(position=self._position, attempts=attempts)
        self._acknowledge(self._position)

    def survived(self, ids: Sequence[str]) -> None:
        self._cursor().update(attempts=0)

    def keep_alive(self) -> None:
        return

    def backlog(self) -> int:
        return self._length

    def waiting(self) -> Iterator[list[Delivery]]:
        """All that the site has, without telling it anything: for a dry run."""
        page = self._page(START, self._batch_size, 1)
        left = page.length
        while page.deliveries and left > 0:
            yield page.deliveries
            left -= len(page.deliveries)
            page = self._page(page.following, self._batch_size, 1)

    def drained(self) -> bool:
        return self._has_all

    def close(self) -> None:
        """An orderly end says nothing against the page under way."""
        with suppress(DatabaseError):
            self._cursor().update(attempts=0)
        self._client.close()

    def _cursor(self) -> QuerySet[HttpCursor]:
        return HttpCursor.objects.filter(url=self._url)

    def _acknowledge(self, identity: str) -> None:
        """The site may trim; it refuses an id it never gave out, as the very first one."""
        self._ask("POST", "/logs_api/ack", json={"id": identity}, accept=(200, 400))

    def _page(self, after: str, limit: int, deliveries: int) -> _Page:
        answer = self._ask("GET", "/logs_api", params={"after": after, "limit": limit})
        try:
            found = [_delivery(entry, deliveries) for entry in answer["entries"]]
            return _Page(found, str(answer["next"]), int(answer["length"]))
        except (LookupError, TypeError, ValueError):
            raise UnavailableError(f"{self._url}/logs_api is not the log of a site.") from None

    def _ask(
        self, method: str, path: str, accept: Collection[int] = (200,), **what: Any
    ) -> dict[str, Any]:
        """The answer's JSON. Errors name the site and the status, nothing of its content."""
        try:
            response = self._client.request(method, path, **what)
        except httpx.HTTPError as error:
            raise UnavailableError(
                f"{self._url} cannot be reached ({type(error).__name__})."
            ) from None
        if response.status_code in (401, 403):
            raise CredentialsError(
                f"{self._url} refuses LOGS_API_TOKEN (status {response.status_code}): "
                "it must be the token of a staff user."
            )
        if response.status_code == 409:
            raise ConflictError(
                f"{self._url} has a log pipeline that reads from its Redis. "
                "Only one kind may: stop that one first."
            )
        if response.status_code not in accept:
            raise UnavailableError(f"{self._url}{path} answers {response.status_code}.")
        try:
            answer: dict[str, Any] = orjson.loads(response.content)
        except ValueError:
            raise UnavailableError(f"{self._url}{path} does not answer JSON.") from None
        return answer


def _delivery(entry: Mapping[str, Any], deliveries: int) -> Delivery:
    """What the site could not decode comes as text; it is a dead letter here."""
    identity = entry["id"]
    if entry.get("entry") is None:
        content = str(entry.get("undecodable", "")).encode()
    else:
        content = orjson.dumps(entry["entry"])
    return Delivery(identity, identity, content, deliveries)
