"""What the admin's pages of the log pipeline share: the pipeline alone writes its tables."""

from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.text import capfirst

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    _ModelAdmin = admin.ModelAdmin[Any]
else:
    # Django's class takes no type parameter when the program runs.
    _ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(_ModelAdmin):
    """``introduction`` stands above the list."""

    introduction: str | Promise = ""
    show_facets = admin.ShowFacets.ALWAYS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "introduction": self.introduction,
        }
        return super().changelist_view(request, context | (extra_context or {}))


def to_the_second(name: str, description: "_StrPromise") -> Callable[[Any, Model], str]:
    """A column for a date and time, without which short runs and their errors look alike."""

    @admin.display(description=description, ordering=name)
    def shown(self: Any, row: Model) -> str:
        moment = getattr(row, name)
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else ""

    return shown
