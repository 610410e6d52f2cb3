"""One client that keeps its connection and sends one request after the other."""

import json
import socket
import time
from types import TracebackType
from typing import Any, Self

_END_OF_HEAD = b"\r\n\r\n"


class Client:
    """Plain sockets: its own share of a measured time is some 30 µs, the same for everybody."""

    def __init__(self, port: int, path: str, body: object) -> None:
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._request = head.encode() + content
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def ask(self) -> Any:
        """The answer's JSON; ValueError where it is not 200."""
        return json.loads(self._exchange())

    def time(self, requests: int) -> list[float]:
        """Milliseconds of each request."""
        times = []
        for _ in range(requests):
            start = time.perf_counter()
            self._exchange()
            times.append((time.perf_counter() - start) * 1000)
        return times

    def _exchange(self) -> bytes:
        self._socket.sendall(self._request)
        received = b""
        while _END_OF_HEAD not in received:
            received += self._receive()
        head, _, body = received.partition(_END_OF_HEAD)
        if not head.startswith(b"HTTP/1.1 200"):
            raise ValueError(head.decode("latin-1"))
        length = _content_length(head)
        while len(body) < length:
            body += self._receive()
        return body

    def _receive(self) -> bytes:
        piece = self._socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without Content-Length")
