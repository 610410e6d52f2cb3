"""The admin's pages of the dead letters: shown, queued for replay, deleted, never edited."""

from collections.abc import Iterator
from typing import Any, Final, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from logpipeline import dead_letters
from logpipeline.admin.originals import readable
from logpipeline.admin.read_only import ReadOnlyAdmin, to_the_second
from logpipeline.models import DeadLetter

_REFUSAL: Final = ("index_or_whole", "reason", "field", "tries", "waits", "transaction_id")
_QUEUING: Final = _(
    "What is queued for replay is sent again under the same identity, by the running pipeline or "
    "by manage.py replay_dead_letters. What then arrives leaves this list."
)


class _List(ChangeList):
    def get_queryset(self, *arguments: Any, **more: Any) -> QuerySet[DeadLetter]:
        """Without the originals: a page of them can be hundreds of megabytes."""
        return super().get_queryset(*arguments, **more).defer("original")


class _IndexFilter(admin.SimpleListFilter):
    """Django's own would show the whole entries as a choice without a name."""

    title = _("index")
    parameter_name = "index"
    whole = "-"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, str]]:
        indices = DeadLetter.objects.order_by("index").values_list("index", flat=True)
        for index in indices.distinct():
            yield index or self.whole, index or gettext("whole entry")

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DeadLetter]
    ) -> QuerySet[DeadLetter]:
        value = self.value()
        if value is None:
            return queryset
        return queryset.filter(index="" if value == self.whole else value)


class DeadLetterAdmin(ReadOnlyAdmin):
    """The permission to change lets queue and shows no original, which is health data."""

    introduction = _QUEUING
    list_display = ("first", "last", *_REFUSAL)
    list_filter = (_IndexFilter, "reason", "queued")
    search_fields = ("^transaction_id", "^stream_id")
    date_hierarchy = "first_at"
    actions = ("queue_for_replay",)
    readonly_fields = ("first", "last", "index_or_whole", "waits")
    fieldsets = (
        (
            None,
            {"fields": (*_REFUSAL, "stream_id", "first", "last"), "description": _QUEUING},
        ),
    )

    first = to_the_second("first_at", _("first time"))
    last = to_the_second("last_at", _("last time"))

    def has_view_permission(self, request: HttpRequest, obj: DeadLetter | None = None) -> bool:
        return request.user.has_perm("logpipeline.view_deadletter")

    def has_change_permission(self, request: HttpRequest, obj: DeadLetter | None = None) -> bool:
        # Of the list, for its action; no single letter's page has anything to change.
        return obj is None and request.user.has_perm("logpipeline.change_deadletter")

    def has_delete_permission(self, request: HttpRequest, obj: DeadLetter | None = None) -> bool:
        return request.user.has_perm("logpipeline.delete_deadletter")

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        return _List

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        if not self.has_view_permission(request):
            return None
        return super().get_list_display_links(request, list_display)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: DeadLetter | None = None,
    ) -> HttpResponse:
        original = bytes(obj.original) if obj is not None else b""
        shown = readable(original)
        # Not "original": Django's own page shows what is named so in its first lines.
        context |= {
            "shown": shown,
            "size": number_format(len(original), force_grouping=True),
            "length": number_format(len(shown.text), force_grouping=True),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=_("index"), ordering="index")
    def index_or_whole(self, letter: DeadLetter) -> str:
        return letter.index or gettext("whole entry")

    @admin.display(description=_("queued"), ordering="queued")
    def waits(self, letter: DeadLetter) -> str:
        # Django's red cross for a No would look like one more failure.
        return gettext("Yes") if letter.queued else gettext("No")

    @admin.action(description=_("Queue for replay"), permissions=["change"])
    def queue_for_replay(self, request: HttpRequest, queryset: QuerySet[DeadLetter]) -> None:
        changed = [{"changed": {"fields": ["queued"]}}]
        # Somebody is signed in, or this page would not be shown.
        user_id = cast("int", request.user.pk)
        LogEntry.objects.log_actions(user_id, queryset.filter(queued=False), CHANGE, changed)
        count = dead_letters.queue(queryset)
        text = ngettext(
            "%(count)d dead letter is queued for replay.",
            "%(count)d dead letters are queued for replay.",
            count,
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
