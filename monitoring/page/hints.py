"""The first thing to look at when an alert fires; docs/monitoring.md has the whole runbook."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HINTS: Final[Mapping[str, str | Promise]] = {
    "latency": _("See which of CPU time and the model's time rose with it, and the functions."),
    "cpu": _("See the costliest functions, and whether something else uses the processors."),
    "memory_delta": _("See whether the memory of a process keeps growing; if so, restart it."),
    "inference": _("See whether the model was changed, and whether the processors are busy."),
    "error_rate": _("Search for the failed requests and look in the server's log for their ids."),
    "pipeline_lag": _("See whether Elasticsearch answers and a log pipeline runs."),
    "dead_letters": _("Look at their reasons in the administration, then replay them."),
    "spool": _("See whether Redis answers; the spool empties itself when it does."),
    "lost": _("Look at the recorded losses in the administration: these entries are gone."),
    "drift": _("Look at the drift page: which inputs, since when, from which client."),
}


def hint_of(alert: str) -> str:
    """Blank for an alert that is not defined any more."""
    return str(HINTS.get(alert, ""))
