"""The period in six numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from monitoring.overview import Overview
from monitoring.page.formats import milliseconds, share, whole


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name; ``detail`` is what it is made of."""

    label: str
    value: str
    detail: str = ""


def tiles(overview: Overview, now: datetime) -> Sequence[Tile]:
    answered = overview.yes + overview.no
    failed = overview.client_errors + overview.server_errors
    return [
        Tile(
            _("Predictions"),
            whole(overview.predictions),
            _("%(rate)s an hour") % {"rate": whole(predictions_an_hour(overview, now))},
        ),
        Tile(
            _("Answered YES"),
            share(overview.yes, answered),
            _("%(yes)s of %(all)s") % {"yes": whole(overview.yes), "all": whole(answered)},
        ),
        Tile(_("Requests"), whole(overview.requests), _("batches count once")),
        Tile(
            _("Mean response"),
            milliseconds(overview.mean_latency_ms),
            _("single requests"),
        ),
        Tile(_("95 % within"), milliseconds(overview.latency.p95), _("single requests")),
        Tile(
            _("Without an answer"),
            share(failed, overview.requests),
            _("%(refused)s refused, %(failed)s failed")
            % {
                "refused": whole(overview.client_errors),
                "failed": whole(overview.server_errors),
            },
        ),
    ]


def predictions_an_hour(overview: Overview, now: datetime) -> float:
    """Over the part of the period that was counted: what is to come was not."""
    start = overview.reaches_back_to or overview.period.start
    counted = min(overview.period.end, now) - start
    # Of a second or two a rate would say nothing.
    return overview.predictions / max(counted / timedelta(hours=1), 1 / 60)
