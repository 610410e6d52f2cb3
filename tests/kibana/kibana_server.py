"""Stands in for a Kibana, and is as strict as its documentation and its source say.

No Kibana runs here. It refuses what a Kibana of its version would: a change without kbn-xsrf, an
import that is no form with a file, references to nothing, keys that a route does not know.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

Json = dict[str, Any]
Answer = tuple[int, Any]

_RULE: Final = re.compile(r"/api/alerting/rule/(?P<id>[^/]+)")
_UUID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
_UPDATE: Final = {"name", "tags", "schedule", "params", "actions", "throttle", "notify_when"}
_CREATE: Final = {*_UPDATE, "rule_type_id", "consumer", "enabled"}
_REQUIRED: Final = {"name", "schedule", "params"}
_TYPES: Final = {".index-threshold", ".es-query"}
_CUSTOM: Final = "observability.rules.custom_threshold"
_FREE_CONNECTORS: Final = {".index", ".server-log"}
_TYPE_VERSIONS: Final = {"index-pattern": (8, 0), "dashboard": (8, 9), "lens": (8, 9)}


@dataclass
class Kibana:
    """What it holds, and how it is. ``asked``: method and path of each request."""

    version: str = "8.18.8"
    level: str = "available"
    # Requests to /api/status that find it starting.
    starting: int = 0
    authorization: str = ""
    # "METHOD /path" -> what it answers instead.
    answers: dict[str, Answer] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    url: str = ""
    objects: dict[tuple[str, str], Json] = field(default_factory=dict)
    connectors: list[Json] = field(default_factory=list)
    rules: dict[str, Json] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def minor(self) -> tuple[int, int]:
        major, minor, *_ = self.version.split(".")
        return int(major), int(minor)

    def answer(self, method: str, path: str, headers: Message, body: bytes) -> Answer:
        self.asked.append(f"{method} {path}")
        if self.authorization and headers["Authorization"] != self.authorization:
            return _problem(401, "Unauthorized")
        if method != "GET" and not headers["kbn-xsrf"]:
            return _problem(400, "Request must contain a kbn-xsrf header.")
        if f"{method} {path}" in self.answers:
            return self.answers[f"{method} {path}"]
        if found := _RULE.fullmatch(path):
            return self._rule(method, found["id"], headers, body)
        routes: dict[str, Callable[[Message, bytes], Answer]] = {
            "GET /api/status": self._status,
            "GET /api/actions/connectors": lambda _, __: (200, self.connectors),
            "POST /api/actions/connector": self._connector,
            "POST /api/saved_objects/_import?overwrite=true": self._import,
        }
        route = routes.get(f"{method} {path}")
        return route(headers, body) if route else _problem(404, "Not Found")

    def _status(self, _: Message, __: bytes) -> Answer:
        if self.starting:
            self.starting -= 1
            return 503, {"status": {"overall": {"level": "unavailable"}}}
        status = {"overall": {"level": self.level}}
        return 200, {"name": "kibana", "version": {"number": self.version}, "status": status}

    def _connector(self, headers: Message, body: bytes) -> Answer:
        given = _read_json(headers, body)
        if set(given) - {"name", "connector_type_id", "config", "secrets"}:
            return _problem(400, "[request body]: definition for this key is missing")
        if given["connector_type_id"] not in _FREE_CONNECTORS:
            return _problem(403, "Action type is disabled because your basic license does not")
        made = {"id": f"connector-{len(self.connectors)}", **given, "is_preconfigured": False}
        self.connectors.append(made)
        return 200, made

    def _import(self, headers: Message, body: bytes) -> Answer:
        if not headers["Content-Type"].startswith("multipart/form-data"):
            return _problem(415, "Unsupported Media Type")
        name, content = _file_in(headers, body)
        if not name.endswith(".ndjson"):
            return _problem(400, f"Invalid file extension {name}")
        sent = [json.loads(line) for line in content.decode().splitlines()]
        errors = [error for each in sent if (error := self._error_of(each, sent))]
        if not errors:
            self.objects |= {(each["type"], each["id"]): each for each in sent}
        done = {"success": not errors, "successCount": len(sent) - len(errors), "warnings": []}
        return 200, {**done, "errors": errors} if errors else done

    def _error_of(self, one: Json, sent: list[Json]) -> Json | None:
        there = {*self.objects, *((each["type"], each["id"]) for each in sent)}
        about = {"id": one["id"], "type": one["type"]}
        if one["id"] in self.refuses:
            return {**about, "error": {"type": self.refuses[one["id"]]}}
        if _parsed(one["typeMigrationVersion"]) > max(self.minor, _TYPE_VERSIONS[one["type"]]):
            return {**about, "error": {"type": "unsupported_type"}}
        missing = [each for each in one["references"] if (each["type"], each["id"]) not in there]
        error = {"type": "missing_references", "references": missing}
        return {**about, "error": error} if missing else None

    def _rule(self, method: str, id_: str, headers: Message, body: bytes) -> Answer:
        if not _UUID.fullmatch(id_):
            return _problem(400, "Predefined IDs are not allowed unless the ID is a UUID.")
        if method == "POST" and id_ in self.rules:
            return _problem(409, f"Saved object [alert/{id_}] conflict")
        if method != "POST" and id_ not in self.rules:
            return _problem(404, f"Saved object [alert/{id_}] not found")
        if method == "GET":
            return 200, {"id": id_, **self.rules[id_]}
        if method == "DELETE":
            del self.rules[id_]
            return 204, None
        given = _read_json(headers, body)
        if problem := self._rule_problem(given, _CREATE if method == "POST" else _UPDATE):
            return _problem(400, problem)
        self.rules[id_] = {**self.rules.get(id_, {}), **given}
        return 200, {"id": id_, **self.rules[id_]}

    def _rule_problem(self, given: Json, known: set[str]) -> str:
        known = {*known, "alert_delay"} if self.minor >= (8, 13) else known
        for key in set(given) - known:
            return f"[request body.{key}]: definition for this key is missing"
        for key in (_REQUIRED | ({"rule_type_id", "consumer"} & known)) - set(given):
            return f"[request body.{key}]: expected value of type [string]"
        types = {*_TYPES, _CUSTOM} if self.minor >= (8, 11) else _TYPES
        if given.get("rule_type_id", ".es-query") not in types:
            return f'Rule type "{given["rule_type_id"]}" is not registered.'
        there = {each["id"] for each in self.connectors}
        for action in given["actions"]:
            if action["id"] not in there:
                return f"Invalid connectors: {action['id']}"
        return ""


@contextmanager
def served(kibana: Kibana) -> Iterator[Kibana]:
    """At its ``url``, on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One packet an answer: the other side does not wait for the rest of it.
        wbufsize = -1

        def log_message(self, *_: object) -> None:
            pass

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = kibana.answer(self.command, self.path, self.headers, body)
            raw = isinstance(content, str)
            text = content if raw else "" if content is None else json.dumps(content)
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if raw else "application/json")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_DELETE = _do  # noqa: N815  (the library's names)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        kibana.url = f"http://127.0.0.1:{server.server_port}"
        yield kibana
        server.shutdown()
        thread.join()


def _problem(status: int, message: str) -> Answer:
    return status, {"statusCode": status, "error": "Problem", "message": message}


def _read_json(headers: Message, body: bytes) -> Json:
    assert headers["Content-Type"] == "application/json"
    given: Json = json.loads(body)
    return given


def _file_in(headers: Message, body: bytes) -> tuple[str, bytes]:
    """Name and content of the form's only field, ``file``."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    (part,) = BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
    assert part.get_param("name", header="content-disposition") == "file"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return str(part.get_filename()), content


def _parsed(version: str) -> tuple[int, int]:
    major, minor, *_ = version.split(".")
    return int(major), int(minor)
