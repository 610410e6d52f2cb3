"""The driver for a machine without wrk: asyncio streams, one task for each connection.

It is Python: its own work is a good part of what it measures with many clients, so that
differences look smaller than they are.
"""

import asyncio
import json
import statistics
import time
from typing import Final

from benchmarks.load.load import Load, Refused
from benchmarks.open_loop import http_request

_END_OF_HEAD: Final = b"\r\n\r\n"
_PATIENCE_S: Final = 20


class WrongAnswerError(Exception):
    """Refused, for inside the event loop, which does not take a SystemExit as a task's end."""


class AsyncioClient:
    """``body``: the same in every request, as JSON."""

    name = "the benchmark's asyncio client, whose own work hides a part of the differences"

    def __init__(self, path: str, body: object) -> None:
        self._request = http_request("POST", path, json.dumps(body).encode())

    def run(self, port: int, clients: int, seconds: float) -> Load:
        try:
            return asyncio.run(self._all(port, clients, seconds))
        except WrongAnswerError as error:
            raise Refused(str(error)) from None
        except (OSError, EOFError) as error:
            raise Refused(f"a connection failed: {error!r}") from None

    async def _all(self, port: int, clients: int, seconds: float) -> Load:
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
        began = time.perf_counter()
        tasks = [self._one(*connection, began + seconds) for connection in connections]
        async with asyncio.timeout(seconds + _PATIENCE_S):
            times = [each for found in await asyncio.gather(*tasks) for each in found]
        spent = time.perf_counter() - began
        if len(times) < 2:
            raise WrongAnswerError("the time was too short for two requests")
        p99 = statistics.quantiles(times, n=100)[98]
        return Load(len(times), spent, statistics.median(times) * 1000, p99 * 1000)

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, until: float
    ) -> list[float]:
        """Seconds of each request."""
        times = []
        try:
            while (start := time.perf_counter()) < until:
                writer.write(self._request)
                await _answer(reader)
                times.append(time.perf_counter() - start)
        finally:
            writer.close()
            await writer.wait_closed()
        return times


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """The body; WrongAnswerError where the answer is not 200."""
    head = await reader.readuntil(_END_OF_HEAD)
    status, *headers = head.split(b"\r\n")
    if status.split()[1] != b"200":
        raise WrongAnswerError(f"a request was answered with {status.decode('latin-1')}")
    for line in headers:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return await reader.readexactly(int(value))
    raise WrongAnswerError("an answer came without Content-Length")
