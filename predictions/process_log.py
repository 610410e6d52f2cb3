"""The processes' own log lines as JSON, each with the id of the transaction it belongs to.

Field names are those of the Elastic Common Schema (ECS): Filebeat and Kibana know them. No line
holds a transaction's inputs or results; the transaction log has those.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import ecs_logging

# The logger that has one line for each transaction.
TRANSACTIONS: Final = "heartrisk.transactions"
_SERVICE: Final = {"service": {"name": "heartrisk"}}
# The first repeats the message. Django adds the others to the lines of refused requests: a
# request's text has its query, and a query may hold anything.
_LEFT_OUT: Final = ("log.original", "request", "status_code")
_fields: Final[ContextVar[dict[str, str] | None]] = ContextVar("fields", default=None)


class JsonFormatter(ecs_logging.StdlibFormatter):
    """One ECS object a line; a traceback is a field of it."""

    def __init__(self) -> None:
        super().__init__(extra=_SERVICE, exclude_fields=_LEFT_OUT)


class TransactionFilter(logging.Filter):
    """Refuses nothing: gives each line of a request the ids that ``lines_of`` was told."""

    def filter(self, record: logging.LogRecord) -> bool:
        vars(record).update(_fields.get() or {})
        return True


@contextmanager
def lines_of(transaction_id: str, request_id: str | None) -> Iterator[None]:
    """What this thread logs in the block belongs to the transaction.

    ``request_id``: the client's X-Request-ID, checked already.
    """
    fields = {"transaction.id": transaction_id}
    if request_id is not None:
        fields["http.request.id"] = request_id
    token = _fields.set(fields)
    try:
        yield
    finally:
        _fields.reset(token)
