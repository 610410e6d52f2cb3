"""The database, and what it tells of the pipeline's runs, dead letters and losses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Sum

from logpipeline.models import DeadLetter, LogLoss, PipelineRun, State

_TOTALS: Final = ("indexed", "duplicates", "filtered", "retried")


@dataclass(frozen=True, slots=True)
class Kept:
    """``running``: continuous pipelines. ``seen``: the last sign of life of any, None if none."""

    running: int
    seen: datetime | None
    figures: dict[str, Any]


def ask_database() -> Kept:
    """Raises Django's ``DatabaseError``."""
    alive = PipelineRun.objects.in_state(State.RUNNING)
    latest = PipelineRun.objects.order_by("-seen").only("seen").first()
    totals = PipelineRun.objects.aggregate(**{name: Sum(name) for name in _TOTALS})
    lost = LogLoss.objects.aggregate(total=Sum("at_least"))["total"]
    return Kept(
        running=alive.filter(mode=PipelineRun.Mode.CONTINUOUS).count(),
        seen=latest.seen if latest else None,
        figures={
            "dead_letters": DeadLetter.objects.count(),
            "lost": lost or 0,
            **{f"{name}_total": total or 0 for name, total in totals.items()},
        },
    )


def ask_database_of_a_thread() -> Kept:
    """The thread's own connection is not left open."""
    try:
        return ask_database()
    finally:
        connection.close()
