"""An open-loop client: requests go by a schedule, whether the answers before have come or not.

A closed loop waits for a slow answer before it asks again, and so asks less just when the
service is slow ("coordinated omission"). Here latency counts from the moment the schedule
names, so that waiting for a free connection is part of it (Gil Tene, "How NOT to measure
latency", and his wrk2).
"""

import asyncio
import gc
import random
import selectors
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast

HOST: Final = "127.0.0.1"
CONNECTIONS: Final = 32
_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_OK: Final = b"HTTP/1.1 200"
# A service that owes answers for so long after the last request does not recover.
_PATIENCE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A request, and when it is to be sent: seconds from the start."""

    at: float
    request: bytes


@dataclass(slots=True)
class Exchange:
    """What became of a request; seconds on ``time.monotonic``'s clock.

    ``noticed``: when the client woke up for it; ``sent``: when a connection was free, too.
    """

    request: bytes
    scheduled: float
    noticed: float
    sent: float = 0.0
    answered: float = 0.0
    head: bytes = b""
    body: bytes = b""

    @property
    def latency(self) -> float:
        return self.answered - self.scheduled


class RefusedError(Exception):
    """An answer that is not 200, or a connection that the server closed."""


def http_request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    """On a connection that is kept. ``headers``: whole lines."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept: application/json", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + _END_OF_HEAD + body


def poisson(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """Times of arrivals that know nothing of each other, ``rate`` a second on average."""
    chance = random.Random(seed)
    at = chance.expovariate(rate)
    while at < seconds:
        yield at
        at += chance.expovariate(rate)


def run(
    port: int,
    plan: Iterable[Planned],
    connections: int = CONNECTIONS,
    on_answer: Callable[[Exchange], None] = lambda _: None,
) -> list[Exchange]:
    """All of the plan, which is in the order of time. Raises ``RefusedError``."""
    # epoll and poll wait for whole milliseconds, which is as long as some answers take.
    selector = selectors.SelectSelector()
    with (
        _no_collections(),
        asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner,
    ):
        return runner.run(_OpenLoop(plan, on_answer).run(port, connections))


def one_after_the_other(port: int, request: bytes, count: int) -> list[float]:
    """Seconds of each of ``count`` answers on one connection: a closed loop."""
    exchanges = run(port, [Planned(0.0, request)] * count, connections=1)
    return [each.answered - each.sent for each in exchanges]


class _OpenLoop:
    def __init__(self, plan: Iterable[Planned], on_answer: Callable[[Exchange], None]) -> None:
        self._plan = deque(plan)
        self._on_answer = on_answer
        self._began = 0.0
        self._free: deque[_Connection] = deque()
        self._waiting: deque[Exchange] = deque()
        self._exchanges: list[Exchange] = []
        self._owed = len(self._plan)
        self._end: asyncio.Future[None] = cast("asyncio.Future[None]", None)

    async def run(self, port: int, connections: int) -> list[Exchange]:
        loop = asyncio.get_running_loop()
        self._end = loop.create_future()
        opened = [
            (await loop.create_connection(lambda: _Connection(self), HOST, port))[1]
            for _ in range(connections)
        ]
        self._free.extend(opened)
        last = self._plan[-1].at if self._plan else 0.0
        self._began = time.monotonic()
        self._send_what_is_due()
        try:
            await asyncio.wait_for(self._end, last + _PATIENCE_S)
        except TimeoutError:
            raise RefusedError(f"{self._owed} answers did not come") from None
        finally:
            for connection in opened:
                connection.close()
        return self._exchanges

    def _send_what_is_due(self) -> None:
        now = time.monotonic()
        while self._plan and self._began + self._plan[0].at <= now:
            planned = self._plan.popleft()
            exchange = Exchange(planned.request, self._began + planned.at, now)
            self._exchanges.append(exchange)
            if self._free:
                # The one that rested longest: none rests until the server closes it.
                self._free.popleft().send(exchange)
            else:
                self._waiting.append(exchange)
        if self._plan:
            at = self._began + self._plan[0].at
            asyncio.get_running_loop().call_at(at, self._send_what_is_due)
        elif not self._owed:
            self._end.set_result(None)

    def answered(self, connection: "_Connection", exchange: Exchange) -> None:
        """A connection is free again."""
        exchange.answered = time.monotonic()
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._free.append(connection)
        self._owed -= 1
        if not exchange.head.startswith(_OK):
            self.failed(exchange.head.partition(b"\r\n")[0].decode("latin-1"))
        elif not self._end.done():
            self._on_answer(exchange)
            if not self._owed:
                self._end.set_result(None)

    def failed(self, sentence: str) -> None:
        if not self._end.done():
            self._end.set_exception(RefusedError(sentence))


class _Connection(asyncio.Protocol):
    """One request under way at a time."""

    def __init__(self, owner: _OpenLoop) -> None:
        self._owner = owner
        self._received = b""
        self._complete_at = 0
        self._exchange: Exchange | None = None
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._owner.failed("the server closed a connection")

    def send(self, exchange: Exchange) -> None:
        self._exchange = exchange
        exchange.sent = time.monotonic()
        self._transport.write(exchange.request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._complete_at:
            self._complete_at = _length_of_answer(self._received)
        exchange = self._exchange
        if exchange is None or not 0 < self._complete_at <= len(self._received):
            return
        exchange.head, _, exchange.body = self._received.partition(_END_OF_HEAD)
        self._received, self._complete_at, self._exchange = b"", 0, None
        self._owner.answered(self, exchange)


def _length_of_answer(received: bytes) -> int:
    """Head and body together; 0 while the head is not complete."""
    head_ends = received.find(_END_OF_HEAD)
    if head_ends < 0:
        return 0
    head = received[:head_ends].lower()
    begins = head.find(_LENGTH)
    if begins < 0:
        raise RefusedError("an answer without Content-Length")
    length = head[begins + len(_LENGTH) :].partition(b"\r\n")[0]
    return head_ends + len(_END_OF_HEAD) + int(length)


@contextmanager
def _no_collections() -> Iterator[None]:
    """A garbage collection of the client is not to look like a slow answer."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
