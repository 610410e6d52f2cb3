"""What /health says of Elasticsearch and of the pipeline that brings the log there."""

import time
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from logpipeline.models import PipelineRun, State
from predictions.health import Health, HealthError

# A report waits for two seconds altogether.
_TIMEOUT_S: Final = 1.5
# `make run` starts all at once, and the site first: no alarm while the others are starting.
STARTING_S: Final = 60.0
_STARTED: Final = time.monotonic()


def register_checks(health: Health) -> None:
    """Neither is essential: predictions are answered, and their entries wait in the stream."""
    health.register("elasticsearch", check_elasticsearch)
    health.register("log pipeline", check_pipeline)


def is_starting() -> bool:
    """Whether this process has just begun."""
    return time.monotonic() - _STARTED < STARTING_S


def check_elasticsearch() -> None:
    """It answers. Where none is named there is nothing to ask."""
    if not settings.ES_URL or is_starting():
        return
    # Here, so that a site without it need not load the client.
    from elasticsearch import ApiError, TransportError

    from logpipeline.elastic import NotConfiguredError, get_client, sentence

    try:
        with get_client(timeout=_TIMEOUT_S) as client:
            client.cluster.health()
    except NotConfiguredError as error:
        raise HealthError(str(error)) from None
    except (ApiError, TransportError) as error:
        # Anybody may read this: not where it is.
        raise HealthError(sentence(error, "Elasticsearch")) from None


def check_pipeline() -> None:
    """A continuous one has given a sign of life within a minute."""
    if not settings.ES_URL or is_starting():
        return
    try:
        running = PipelineRun.objects.in_state(State.RUNNING)
        if not running.filter(mode=PipelineRun.Mode.CONTINUOUS).exists():
            raise HealthError(_("No log pipeline runs: log entries wait."))
    finally:
        # The thread of the check is left without a connection.
        connection.close()
