"""The database, and what it tells of the pipeline's runs, dead letters and losses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q, Sum

from logpipeline.models import DeadLetter, LogLoss, PipelineRun, State
from monitoring.alerts.definitions import LOSS_IS_NEWS_FOR

_TOTALS: Final = ("indexed", "duplicates", "filtered", "retried")


@dataclass(frozen=True, slots=True)
class Kept:
    """``running``: continuous pipelines. ``seen``: the last sign of life of any, None if none."""

    running: int
    seen: datetime | None
    figures: dict[str, Any]


def ask_database(now: datetime) -> Kept:
    """Raises Django's ``DatabaseError``."""
    alive = PipelineRun.objects.in_state(State.RUNNING)
    latest = PipelineRun.objects.order_by("-seen").only("seen").first()
    totals = PipelineRun.objects.aggregate(**{name: Sum(name) for name in _TOTALS})
    late = Q(noticed_at__gt=now - LOSS_IS_NEWS_FOR, noticed_at__lte=now)
    lost = LogLoss.objects.aggregate(
        lost=Sum("at_least", default=0), lost_lately=Sum("at_least", filter=late, default=0)
    )
    return Kept(
        running=alive.filter(mode=PipelineRun.Mode.CONTINUOUS).count(),
        seen=latest.seen if latest else None,
        figures={
            "dead_letters": DeadLetter.objects.count(),
            **lost,
            **{f"{name}_total": total or 0 for name, total in totals.items()},
        },
    )


def ask_database_of_a_thread(now: datetime) -> Kept:
    """The thread's own connection is not left open."""
    try:
        return ask_database(now)
    finally:
        connection.close()
