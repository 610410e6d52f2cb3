"""A real HTTP server that a webhook points at."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import orjson

PATH: Final = "/hooks/secret-token"


class Hook:
    """Answers ``statuses`` in turn, the last one from then on; a ``silent`` one never answers.

    ``bodies`` are what it was sent, ``keys`` their Idempotency-Key.
    """

    def __init__(self, statuses: Sequence[int] = (204,), *, silent: bool = False) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.types: list[str | None] = []
        self._statuses = list(statuses)
        self.released = threading.Event()
        if not silent:
            self.released.set()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def status(self) -> int:
        return self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]

    @contextmanager
    def running(self) -> Iterator["Hook"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, hook: Hook) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hook = hook

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that did not wait has nobody to tell."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        hook = self.server.hook
        hook.bodies.append(orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        hook.keys.append(self.headers.get("Idempotency-Key"))
        hook.types.append(self.headers.get("Content-Type"))
        hook.released.wait()
        self.send_response(hook.status())
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
