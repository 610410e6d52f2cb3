"""The overview of what Elasticsearch holds."""

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.overview import Overview
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError

SOURCE: Final = "elasticsearch"


def read_history(period: Period) -> Overview:
    """Raises ``SourceAwayError``; a server that has no index yet has an empty overview."""
    require_elasticsearch()
    # Here, so that a worker of a site without one need not load the client.
    from monitoring.sources.indexed.overview import overview_of_indices

    return overview_of_indices(period, SOURCE)


def require_elasticsearch() -> None:
    """Raises ``SourceAwayError`` where none is configured."""
    if not settings.ES_URL:
        raise SourceAwayError(
            _("No Elasticsearch is configured, so there is no history (ES_URL, ES_HOST).")
        )
