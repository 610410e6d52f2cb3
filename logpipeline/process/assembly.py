"""A pipeline made from the settings: source, client, rules."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import redis
from django.conf import settings

from logpipeline.delivery.daemon_executor import DaemonExecutor
from logpipeline.delivery.destination import Destination
from logpipeline.delivery.options import Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.elastic import get_client
from logpipeline.rules.rules import Rules, compile_rules
from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.http_source import HttpSource
from logpipeline.sources.losses import Losses
from logpipeline.sources.redis_source import RedisSource
from logpipeline.sources.source import Source, UnavailableError

# Longer than any look for new entries; a hanging Redis must not hold us for ever, nor a signal.
_REDIS_TIMEOUT_S: Final = 5.0


def redis_client() -> redis.Redis:
    """The pipeline's own: more patient than the site's. Raises ``UnavailableError``."""
    # A unix socket has no such option.
    keepalive = {} if settings.REDIS_URL.startswith("unix:") else {"socket_keepalive": True}
    try:
        return redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=_REDIS_TIMEOUT_S,
            socket_connect_timeout=_REDIS_TIMEOUT_S,
            health_check_interval=30,
            # We try again ourselves, with a pause.
            retry=None,
            protocol=2,
            **keepalive,
        )
    except ValueError:
        # Its text may have the password.
        raise UnavailableError(
            "REDIS_URL is no address of a Redis, such as redis://localhost:6379/0."
        ) from None


def redis_source(consumer: str, losses: Losses, batch_size: int) -> RedisSource:
    return RedisSource(
        redis_client(),
        consumer,
        losses,
        batch_size=batch_size,
        claim_after=settings.LOG_PIPELINE_CLAIM_AFTER,
    )


def http_source(url: str, batch_size: int, interval: float) -> HttpSource:
    return HttpSource(url, settings.LOGS_API_TOKEN, batch_size=batch_size, interval=interval)


def rules_of_settings() -> Rules:
    """Raises ``RuleError``; `manage.py check`, which every command runs, has found it before."""
    return compile_rules(settings.LOG_PIPELINE_RULES)


@contextmanager
def pipeline_of(
    source: Source,
    options: Options,
    batch_size: int,
    on_housekeeping: Callable[[Pipeline], None],
) -> Iterator[Pipeline]:
    """Raises ``NotConfiguredError`` where no Elasticsearch is named."""
    with get_client() as client:
        destination = Destination(
            client, DaemonExecutor(), settings.ES_INDEX_PREFIX, settings.ES_RETENTION_DAYS
        )
        yield Pipeline(
            source,
            destination,
            rules_of_settings(),
            options,
            letters=None if isinstance(source, DeadLetterSource) else DeadLetterSource(batch_size),
            on_housekeeping=on_housekeeping,
        )
