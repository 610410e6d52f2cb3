"""The real site behind an HTTP source, without a socket between them."""

from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import orjson
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from pytest_django import Settings
from rest_framework.authtoken.models import Token

from logpipeline.models import HttpCursor
from logpipeline.sources.http_source import HttpSource
from logpipeline.sources.source import Delivery
from predictions.log.entry import Entries
from predictions.log.process import get_log_process
from tests.conftest import Valkey
from tests.predictions.logs import Clock, entry, line

OURS = ("/logs_api", "/logs_api/ack")
URL = "http://testserver"
INTERVAL = 10


def token_of(name: str = "pipeline", *, is_staff: bool = True) -> str:
    """Of a new user."""
    user = User.objects.create(username=name, is_staff=is_staff)
    return str(Token.objects.create(user=user).key)


def source_of(token: str, **how: Any) -> HttpSource:
    """Reads the site of the settings; not opened."""
    transport = httpx.WSGITransport(site)
    given: dict[str, Any] = {"batch_size": 1000, "interval": INTERVAL, "clock": Clock(), **how}
    return HttpSource(given.pop("url", URL), token, transport=transport, **given)


def site(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Leaves the test its database connection, as Django's own test client does."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    try:
        with closing(_application()(environ, start_response)) as response:
            return list(response)
    finally:
        for each in signals:
            each.connect(close_old_connections)


@cache
def _application() -> WSGIHandler:
    return get_wsgi_application()


def answering_source(status: int, body: bytes) -> HttpSource:
    """Of something that is no site: it answers everything alike."""

    def application(environ: object, start_response: Any) -> Iterable[bytes]:
        start_response(f"{status} Whatever", [("Content-Type", "text/plain")])
        return [body]

    transport = httpx.WSGITransport(application)
    return HttpSource(URL, "", batch_size=10, interval=INTERVAL, transport=transport)


def log_entries(count: int, **data: Any) -> list[str]:
    """Writes so many as the site does; their transaction ids."""
    made = [entry(second, **data) for second in range(count)]
    for each in made:
        get_log_process().log.append(Entries(line(**each["data"])))
    return [each["data"]["transaction_id"] for each in made]


def transactions(found: list[Delivery]) -> list[str]:
    """The transaction ids, without those of the source's own requests."""
    entries = [orjson.loads(each.content)["data"] for each in found]
    return [each["transaction_id"] for each in entries if each.get("path") not in OURS]


def acknowledge(source: HttpSource, found: list[Delivery]) -> None:
    source.acknowledge([each.id for each in found], set(), {})


def cursor() -> HttpCursor:
    return HttpCursor.objects.get(url=URL)


def redis_of_the_site_dies(settings: Settings, own_valkey: Valkey) -> None:
    settings.REDIS_URL = own_valkey.url
    settings.SPOOL_DIR = Path(own_valkey.folder) / "spool"
    own_valkey.kill()
