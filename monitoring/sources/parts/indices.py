"""Whether Elasticsearch answers, and has its data."""

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.sources.parts.part import Asked, Part

_TIMEOUT_S: Final = 1.5


def ask_elasticsearch() -> Asked:
    """Never raises what the client does."""
    if not settings.ES_URL:
        return Asked(
            Part(
                None, _("No Elasticsearch is configured, so there is no history (ES_URL, ES_HOST).")
            )
        )
    # Here, so that a worker nobody asks need not load the client.
    from elasticsearch import ApiError, TransportError

    from logpipeline.elastic import NotConfiguredError, get_client, sentence

    try:
        with get_client(_TIMEOUT_S) as client:
            health = client.cluster.health()
            status, missing = str(health["status"]), int(health["unassigned_primary_shards"])
    except NotConfiguredError as error:
        return Asked(Part(False, str(error)))
    except (ApiError, TransportError) as error:
        return Asked(Part(False, sentence(error)))
    except (LookupError, TypeError, ValueError):
        return Asked(Part(False, _("Elasticsearch answers something else than was asked.")))
    if status == "red":
        return Asked(
            Part(
                False,
                _("Elasticsearch is red: %(missing)s primary shards are missing.")
                % {"missing": missing},
            )
        )
    return Asked(Part(True, _("Elasticsearch answers: %(status)s.") % {"status": status}))
