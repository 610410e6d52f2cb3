"""The admin's pages of drift reports: when, of what, and what drifts."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from logpipeline.admin.read_only import ReadOnlyAdmin, to_the_second
from monitoring.drift.figure import figures_of
from monitoring.drift.wording import label_of
from monitoring.models import DriftReport
from monitoring.models.drift import Verdict

_SEEN: Final = ("made", "verdict", "drifting", "rows", "source", "model_version")


@admin.register(DriftReport)
class DriftReportAdmin(ReadOnlyAdmin):
    introduction = _(
        "Comparisons of the people who were scored with those of the training data. "
        "The charts are on the page of drift."
    )
    list_display = _SEEN
    list_filter = ("verdict", "source", "model_version")
    date_hierarchy = "created"
    readonly_fields = ("made", "begins", "ends", "what_drifts", "copied_at")
    fieldsets = (
        (None, {"fields": (*_SEEN, "what_drifts")}),
        (_("Window"), {"fields": ("begins", "ends", "total", "other_model", "copied_at")}),
    )

    made = to_the_second("created", _("created"))
    begins = to_the_second("window_start", _("from"))
    ends = to_the_second("window_end", _("to"))
    copied_at = to_the_second("copied", _("copied to Elasticsearch"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the figures, some 40 kB each, which the list does not show."""
        return super().get_queryset(request).defer("figures")

    @admin.display(description=_("what drifts"))
    def what_drifts(self, report: DriftReport) -> str:
        drifting = [each for each in figures_of(report) if each.verdict == Verdict.DRIFT]
        return ", ".join(label_of(figure.name) for figure in drifting)
