"""Stands between the pipeline and the real Elasticsearch: counts requests, answers some itself."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

_LONGEST_LINE: Final = 65_536
# One hop only: the other side has its own.
_HOP_BY_HOP: Final = {"connection", "transfer-encoding", "content-length", "host"}


@dataclass(frozen=True)
class Request:
    """What came to ``HttpProxy``, and when."""

    method: str
    path: str
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def is_bulk(self) -> bool:
        return self.path.partition("?")[0].endswith("/_bulk")


@dataclass(frozen=True)
class Answer:
    """JSON, as Elasticsearch answers."""

    status: int
    body: bytes


Inject = Callable[[Request], Answer | None]


class HttpProxy:
    """A proxy before an HTTP server that puts its own answer in the place of some.

    ``inject`` gives the answer, or None where the server shall give its own. ``requests``
    holds all that came, ``bulks`` those to ``_bulk``; ``answered`` counts the answers there are.
    """

    def __init__(self, url: str, inject: Inject = lambda _: None) -> None:
        self.inject = inject
        self.requests: list[Request] = []
        self.answered = 0
        self._server = _Server(self, url)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def bulks(self) -> list[Request]:
        return [request for request in self.requests if request.is_bulk]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A connection kept alive would be waited for.
    block_on_close = False

    def __init__(self, proxy: HttpProxy, url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy
        self.target = urlsplit(url).netloc

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed has nobody to tell."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(_LONGEST_LINE)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.command, self.path, body)
        proxy = self.server.proxy
        proxy.requests.append(request)
        answer = proxy.inject(request)
        if answer is None:
            self._pass_on(request)
        else:
            # The client checks that it talks to Elasticsearch, and of which version.
            self._answer(answer.status, answer.body, _LIKE_ELASTICSEARCH)

    def _pass_on(self, request: Request) -> None:
        connection = HTTPConnection(self.server.target, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
        # What comes back is passed on as it is, compressed or not.
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        self._answer(response.status, body, dict(response.getheaders()))

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.server.proxy.answered += 1
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The tests say what they need to say."""


_LIKE_ELASTICSEARCH: Final = {
    "X-elastic-product": "Elasticsearch",
    "Content-Type": "application/vnd.elasticsearch+json;compatible-with=8",
}
