"""The admin's pages of the alerts: each time that something was wrong, and what was told of it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from logpipeline.admin.read_only import ReadOnlyAdmin, to_the_second
from monitoring.alerts.definitions import ALERTS
from monitoring.alerts.messages import quantity
from monitoring.models import Alert, AlertEvent

if TYPE_CHECKING:
    _Inline = admin.TabularInline[AlertEvent, Alert]
else:
    # Django's class takes no type parameter when the program runs.
    _Inline = admin.TabularInline

_EPISODE: Final = ("what", "state", "severity", "measured", "worst_measured", "since", "duration")
_TIMES: Final = ("fired_at", "resolved_at", "last_measured")


class _NameFilter(admin.SimpleListFilter):
    """By what people read, not by the names that programs use."""

    title = _("alert")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(definition.name, str(definition.label)) for definition in ALERTS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset if value is None else queryset.filter(name=value)


class _Events(_Inline):
    model = AlertEvent
    extra = 0
    can_delete = False
    fields = ("when", "transition", "severity", "measured", "limit", "told_at", "tries", "error")
    readonly_fields = fields
    ordering = ("-at",)

    when = to_the_second("at", _("at"))
    told_at = to_the_second("told", _("told"))

    @admin.display(description=_("value"))
    def measured(self, event: AlertEvent) -> str:
        return "" if event.value is None else quantity(event.value, event.alert.unit)

    @admin.display(description=_("threshold"))
    def limit(self, event: AlertEvent) -> str:
        return quantity(event.threshold, event.alert.unit)

    @admin.display(description=_("last error"))
    def error(self, event: AlertEvent) -> str:
        return event.last_error

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    introduction = _(
        "What fires now, and what fired before. A pending alert is above its threshold, but not "
        "yet for long enough."
    )
    list_display = _EPISODE
    list_filter = ("state", "severity", _NameFilter)
    date_hierarchy = "started"
    inlines = (_Events,)
    readonly_fields = (*_EPISODE, *_TIMES, "limit")
    fields = (*_EPISODE, "limit", "source", *_TIMES)

    since = to_the_second("started", _("above since"))
    fired_at = to_the_second("fired", _("fired"))
    resolved_at = to_the_second("resolved", _("resolved"))
    last_measured = to_the_second("seen", _("last measured"))

    @admin.display(description=_("alert"), ordering="name")
    def what(self, alert: Alert) -> str:
        return alert.label

    @admin.display(description=_("value"))
    def measured(self, alert: Alert) -> str:
        return quantity(alert.value, alert.unit)

    @admin.display(description=_("worst value"))
    def worst_measured(self, alert: Alert) -> str:
        return quantity(alert.worst, alert.unit)

    @admin.display(description=_("threshold"))
    def limit(self, alert: Alert) -> str:
        return quantity(alert.threshold, alert.unit)

    @admin.display(description=_("duration"))
    def duration(self, alert: Alert) -> str:
        lasted = alert.lasted(timezone.now())
        return str(lasted - timedelta(microseconds=lasted.microseconds))
