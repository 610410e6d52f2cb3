"""Whether what the site is made of works, and how much waits where."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from monitoring.sources.parts.database import Kept, ask_database, ask_database_of_a_thread
from monitoring.sources.parts.in_time import answer_of, answers_in_time
from monitoring.sources.parts.indices import ask_elasticsearch
from monitoring.sources.parts.part import Asked, Part
from monitoring.sources.parts.pipeline import pipeline_part
from monitoring.sources.parts.since import AwaySince
from monitoring.sources.parts.spool import ask_spool
from monitoring.sources.parts.stream import ask_redis

__all__ = ["Part", "SystemState", "system_state"]

# All are asked at once.
LONGEST_WAIT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class SystemState:
    """None where it cannot be known now.

    ``lag_seconds``: age of the oldest entry in the stream that is not acknowledged, 0.0 where
    there is none, None where no pipeline is expected to read it. ``pending``: read by a
    pipeline, not acknowledged; ``unread``: not read yet. ``lost``: entries that were in Redis
    and are in no place any more, ``lost_lately`` in the last day; ``spool_dropped``:
    transactions that a full spool did not take.
    ``indexed_total``, ``duplicates_total``, ``filtered_total``, ``retried_total``: documents of
    all runs of the pipeline. ``read_over_http``: a pipeline on another host reads the stream.
    """

    at: datetime
    redis: Part
    elasticsearch: Part
    pipeline: Part
    database: Part
    stream_length: int | None = None
    window_length: int | None = None
    pending: int | None = None
    unread: int | None = None
    lag_seconds: float | None = None
    dead_letters: int | None = None
    lost: int | None = None
    lost_lately: int | None = None
    spool_waiting: int | None = None
    spool_dropped: int | None = None
    indexed_total: int | None = None
    duplicates_total: int | None = None
    filtered_total: int | None = None
    retried_total: int | None = None
    read_over_http: bool | None = None


# Of this process: every other one notices for itself.
_AWAY: Final = {name: AwaySince() for name in ("redis", "elasticsearch", "database")}


def system_state(now: datetime) -> SystemState:
    """Never raises, and takes about 2 seconds at most, whatever hangs."""
    answers = _answers(now)
    redis = _asked(answers["redis"], _("Redis does not answer in time."))
    elasticsearch = _asked(answers["elasticsearch"], _("Elasticsearch does not answer in time."))
    spool = _asked(answers["spool"], _("The spool cannot be read."))
    kept = answers["database"] if isinstance(answers["database"], Kept) else None
    database = _database_part(answers["database"])
    return SystemState(
        at=now,
        redis=_AWAY["redis"].told(redis.part, now),
        elasticsearch=_AWAY["elasticsearch"].told(elasticsearch.part, now),
        pipeline=pipeline_part(kept, redis.figures.get("read_over_http"), now),
        database=_AWAY["database"].told(database, now),
        **redis.figures,
        **spool.figures,
        **(kept.figures if kept is not None else {}),
    )


def _answers(now: datetime) -> dict[str, Any]:
    questions: dict[str, Callable[[], Any]] = {
        "redis": partial(ask_redis, now),
        "elasticsearch": ask_elasticsearch,
        "spool": ask_spool,
    }
    if connection.in_atomic_block:
        # Another thread would not see what this transaction has written.
        kept = answer_of(partial(ask_database, now))
        return {**answers_in_time(questions, LONGEST_WAIT_S), "database": kept}
    questions["database"] = partial(ask_database_of_a_thread, now)
    return answers_in_time(questions, LONGEST_WAIT_S)


def _asked(answer: Any, otherwise: str) -> Asked:
    return answer if isinstance(answer, Asked) else Asked(Part(False, otherwise))


def _database_part(answer: Any) -> Part:
    if isinstance(answer, Kept):
        return Part(True, _("The database answers."))
    # Only the class: a text may hold a value.
    return Part(
        False,
        _("The database does not answer (%(error)s).") % {"error": type(answer).__name__},
    )
