"""The admin's pages of the log pipeline: its runs, its dead letters, and what was lost."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from logpipeline.admin.dead_letters import DeadLetterAdmin
from logpipeline.admin.read_only import ReadOnlyAdmin, to_the_second
from logpipeline.models import DeadLetter, LogLoss, PipelineRun, State

_RUN: Final = ("began", "state", "source", "mode")
_ENDS: Final = ("indexed", "duplicates", "filtered", "dead", "lost")

admin.site.register(DeadLetter, DeadLetterAdmin)


class _StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in State]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PipelineRun]
    ) -> QuerySet[PipelineRun]:
        value = self.value()
        if value not in State.values:
            return queryset
        return queryset & PipelineRun.objects.in_state(State(value))


@admin.register(PipelineRun)
class PipelineRunAdmin(ReadOnlyAdmin):
    list_display = (*_RUN, "read", *_ENDS, "last_error")
    list_filter = (_StateFilter, "source", "mode")
    date_hierarchy = "started"
    readonly_fields = ("began", "last_seen", "stopped", "state")
    fieldsets = (
        (None, {"fields": (*_RUN, "consumer", "last_seen", "stopped", "exit_code", "last_error")}),
        (_("Counters"), {"fields": ("read", "transactions", *_ENDS, "retried")}),
    )

    began = to_the_second("started", _("started"))
    last_seen = to_the_second("seen", _("last sign of life"))
    stopped = to_the_second("ended", _("ended"))

    @admin.display(description=_("state"))
    def state(self, run: PipelineRun) -> str:
        return str(run.state.label)


@admin.register(LogLoss)
class LogLossAdmin(ReadOnlyAdmin):
    introduction = _(
        "Log entries that are in no place any more, counted as far as can be known. "
        "Nothing deletes these lines."
    )
    list_display = ("noticed", "at_least", "reason", "first_id", "last_id")
    fields = list_display
    readonly_fields = ("noticed",)
    list_filter = ("reason",)
    date_hierarchy = "noticed_at"
    noticed = to_the_second("noticed_at", _("noticed"))
