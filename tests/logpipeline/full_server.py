"""A server with ILM, by the answers that Elasticsearch's reference (8.18) documents.

The node of the tests has no ILM, and refuses a template that names a policy.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import orjson
from elasticsearch import Elasticsearch

# Status and JSON.
Answer = tuple[int, Any]


class FullServer(ThreadingHTTPServer):
    """Keeps policies and templates as it was sent them; ``puts`` are their names, in order.

    With an answer of its own it says that, whatever it is asked.
    """

    def __init__(self, always: Answer | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.policies: dict[str, Any] = {}
        self.templates: dict[str, Any] = {}
        self.puts: list[str] = []
        self._always = always

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        name = path.rpartition("/")[2]
        if self._always is not None:
            return self._always
        if method == "PUT":
            return self._put(path, name, orjson.loads(body))
        if path.startswith("/_ilm/policy/"):
            return self._policy(name)
        if path.startswith("/_index_template/"):
            return self._template(name)
        # There is no index yet.
        return 200, {}

    def _put(self, path: str, name: str, body: dict[str, Any]) -> Answer:
        (self.policies if path.startswith("/_ilm") else self.templates)[name] = body
        self.puts.append(name)
        return 200, {"acknowledged": True}

    def _policy(self, name: str) -> Answer:
        if name not in self.policies:
            return not_found(f"Lifecycle policy not found: [{name}]")
        policy = orjson.loads(orjson.dumps(self.policies[name]["policy"]))
        # The server writes out this default.
        policy["phases"]["delete"]["actions"] = {"delete": {"delete_searchable_snapshot": True}}
        used: dict[str, Any] = {"indices": [], "data_streams": [], "composable_templates": []}
        about = {"version": 1, "modified_date": "2026-11-24T10:30:45.123Z", "in_use_by": used}
        return 200, {name: {**about, "policy": policy}}

    def _template(self, name: str) -> Answer:
        if name not in self.templates:
            return not_found(f"index template matching [{name}] not found")
        found = {"name": name, "index_template": self.templates[name]}
        return 200, {"index_templates": [found]}


class _Handler(BaseHTTPRequestHandler):
    server: FullServer

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, said = self.server.answer(self.command, urlsplit(self.path).path, body)
        content = orjson.dumps(said)
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_PUT(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def not_found(reason: str) -> Answer:
    cause = {"type": "resource_not_found_exception", "reason": reason}
    return 404, {"error": {"root_cause": [cause], **cause}, "status": 404}


@contextmanager
def client_of(server: FullServer) -> Iterator[Elasticsearch]:
    """While the server runs."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    with Elasticsearch(f"http://127.0.0.1:{server.server_port}", max_retries=0) as client:
        yield client
    server.shutdown()
    thread.join()
    server.server_close()
