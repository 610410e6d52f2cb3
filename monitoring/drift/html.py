"""A report as one HTML file that needs nothing beside it."""

from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from monitoring.drift.presentation import drift_context
from monitoring.models import DriftReport

# The site's own colours and the charts' style, the same files that its pages link to.
_STYLES: Final = ("heartrisk/site.css", "heartrisk/drift.css")


def as_html(report: DriftReport) -> str:
    """In the language that is active."""
    context = drift_context(report) | {"style": "\n".join(map(_style, _STYLES))}
    # The tags that load libraries leave empty lines before the document's first.
    return render_to_string("monitoring/drift/report.html", context).lstrip()


def _style(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
