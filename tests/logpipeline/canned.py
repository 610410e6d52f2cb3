"""An HTTP server that says what the real Elasticsearch will not say on demand."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import orjson

ELASTICSEARCH: Final = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
HTML: Final = {"Content-Type": "text/html"}
# As Elasticsearch 8.18's reference and source have them.
NO_CREDENTIALS: Final = {
    "error": {
        "root_cause": [
            {
                "type": "security_exception",
                "reason": "missing authentication credentials for REST request [/_bulk]",
            }
        ],
        "type": "security_exception",
        "reason": "missing authentication credentials for REST request [/_bulk]",
    },
    "status": 401,
}


class CannedServer:
    """Gives one answer to everything; ``silent`` never gives it.

    ``asked`` are the requests, ``credentials`` their Authorization headers.
    """

    def __init__(
        self,
        status: int = 200,
        body: Any = b"",
        headers: Mapping[str, str] = ELASTICSEARCH,
        *,
        silent: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.status = status
        self.body = body if isinstance(body, bytes) else orjson.dumps(body)
        self.headers = headers
        self.asked: list[str] = []
        self.credentials: list[str | None] = []
        self._later: tuple[int, int] | None = None
        self.closing = threading.Event()
        if not silent:
            self.closing.set()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self.url = self.url.replace("http", "https")

    def refuse_after(self, requests: int, status: int) -> None:
        """After so many requests, another status, and nothing more."""
        self._later = requests, status

    def answer(self) -> tuple[int, bytes]:
        if self._later is not None and len(self.asked) > self._later[0]:
            return self._later[1], b""
        return self.status, self.body

    @contextmanager
    def running(self) -> Iterator[str]:
        """Its URL, while it answers."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self.url
        finally:
            self.closing.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, canned: CannedServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.canned = canned

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that did not wait has nobody to tell."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        canned = self.server.canned
        canned.asked.append(f"{self.command} {self.path}")
        canned.credentials.append(self.headers.get("Authorization"))
        canned.closing.wait()
        status, body = canned.answer()
        self.send_response(status)
        for name, value in canned.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def answering(
    status: int = 200, body: Any = b"", headers: Mapping[str, str] = ELASTICSEARCH
) -> Iterator[str]:
    """The URL of a server that says that, whatever it is asked."""
    with CannedServer(status, body, headers).running() as url:
        yield url
