"""What one request tells the log: its id, what was asked, what was answered.

The middleware makes a ``Transaction`` before the view runs and logs it after;
the view fills it in. Views never talk to Redis.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest

from predictions.brief_io import random_bytes

if TYPE_CHECKING:
    from predictions.profiling import Measurement, Metrics

_ATTRIBUTE: Final = "heartrisk_transaction"


def _mint() -> str:
    return str(uuid.UUID(bytes=random_bytes(16), version=4))


@dataclass(slots=True)
class BatchRecord:
    """The rows of one /predict_batch, in the client's order.

    Each row is ``{"transaction_id", "input_data", "result"}`` or, where it was
    refused, ``{"transaction_id", "invalid_input"}``.
    """

    batch_id: str
    rows: Sequence[dict[str, Any]]
    errors: int
    mean_probability: float | None


@dataclass(slots=True)
class Transaction:
    """One request to a logged path. ``id`` is minted here, never taken from the client."""

    id: str = field(default_factory=_mint)
    input_data: dict[str, float | None] | None = None
    result: dict[str, Any] | None = None
    # [{field, value (32 characters at most), reason}] of what was refused.
    invalid_input: list[dict[str, str]] = field(default_factory=list)
    batch: BatchRecord | None = None
    inference_time_ms: float | None = None
    model_version: str | None = None
    # While it is answered, and what it cost once it has been.
    measurement: "Measurement | None" = None
    metrics: "Metrics | None" = None


def started_transaction(request: HttpRequest) -> Transaction | None:
    """The request's transaction, or None where its path is not logged."""
    return getattr(request, _ATTRIBUTE, None)


def transaction_of(request: HttpRequest) -> Transaction:
    """The request's transaction, made at the first call."""
    transaction = started_transaction(request)
    if transaction is None:
        transaction = Transaction()
        setattr(request, _ATTRIBUTE, transaction)
    return transaction
