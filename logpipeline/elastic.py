"""The Elasticsearch client of the settings, and one clear sentence for each of its errors."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from elastic_transport import ConnectionTimeout, TlsError
from elasticsearch import (
    ApiError,
    Elasticsearch,
    OrjsonSerializer,
    SerializationError,
    TransportError,
    UnsupportedProductError,
)
from elasticsearch.serializer import NdjsonSerializer

# Longer than a bulk request of a busy server takes; a hanging one must not hold us for ever.
TIMEOUT_SECONDS: Final = 30.0


_NONE: Final = (
    "No Elasticsearch is named: set ES_URL or ES_HOST, "
    "or start one with `make pipeline-elasticsearch-up`."
)
_NO_ADDRESS: Final = (
    "ES_URL is no address of an Elasticsearch: it needs a scheme, a host and a port, "
    "such as https://search.example:9200, and ES_CA_CERTS goes with https."
)


class _Lines(NdjsonSerializer):
    """Bytes are lines already: what the client would do is copy some megabytes."""

    def dumps(self, data: Any) -> bytes:
        return data if isinstance(data, bytes) else super().dumps(data)


class NotConfiguredError(Exception):
    """No Elasticsearch is named, or not as it must be; the text is one clear line."""


def get_client(timeout: float = TIMEOUT_SECONDS) -> Elasticsearch:
    """Raises ``NotConfiguredError``. The pipeline tries again itself, with a pause."""
    if not settings.ES_URL:
        raise NotConfiguredError(_NONE)
    options: dict[str, Any] = {}
    if settings.ES_API_KEY:
        options["api_key"] = settings.ES_API_KEY
    if settings.ES_CA_CERTS:
        options["ca_certs"] = settings.ES_CA_CERTS
    try:
        # A double dot in a host's name is found no sooner than with the first request.
        (urlsplit(settings.ES_URL).hostname or "").encode("idna")
        return Elasticsearch(
            settings.ES_URL,
            serializers={"application/json": OrjsonSerializer(), "application/x-ndjson": _Lines()},
            request_timeout=timeout,
            max_retries=0,
            retry_on_timeout=False,
            # A node that failed is the only one there is: it is asked again at once.
            dead_node_backoff_factor=0,
            **options,
        )
    except ValueError:
        # Its text has the whole URL, password and all.
        raise NotConfiguredError(_NO_ADDRESS) from None


def address() -> str:
    """Where Elasticsearch is, without the password."""
    parts = urlsplit(settings.ES_URL)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def error_type(error: ApiError) -> str:
    """Elasticsearch's own name of the error, such as ``security_exception``."""
    try:
        return str(error.body["error"]["type"])
    except (LookupError, TypeError):
        return type(error).__name__


def sentence(error: ApiError | TransportError, where: str = "") -> str:
    """What failed and where (the address, if nothing else is given); never what was sent."""
    where = where or f"Elasticsearch at {address()}"
    if isinstance(error, ApiError):
        if error.meta.status in (401, 403) and error_type(error) != "cluster_block_exception":
            return f"{where} refuses the credentials (status {error.meta.status})."
        if isinstance(error, UnsupportedProductError):
            return f"{where} is none: something else answers there."
        return f"{where} answers {error.meta.status} ({error_type(error)})."
    if isinstance(error, ConnectionTimeout):
        return f"{where} did not answer in time."
    if isinstance(error, SerializationError):
        return f"{where} does not answer JSON."
    if isinstance(error, TlsError):
        if "CERTIFICATE_VERIFY_FAILED" in error.message:
            return f"{where} cannot be reached: its certificate is not trusted (ES_CA_CERTS)."
        return f"{where} cannot be reached: it speaks no TLS, or ES_CA_CERTS cannot be read."
    if "Failed to resolve" in error.message:
        return f"{where} cannot be reached: the host's name does not resolve."
    return f"{where} cannot be reached ({type(error).__name__})."
