"""The admin: its title, and a page that shows the model's manifest and changes nothing."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from predictions.manifest_page import Section, sections
from predictions.models import ModelManifest
from predictions.risk.predictor import ModelError, get_predictor

if TYPE_CHECKING:
    _ManifestAdmin = admin.ModelAdmin[ModelManifest]
else:
    # Django's class takes no type parameter when the program runs.
    _ManifestAdmin = admin.ModelAdmin

admin.site.site_header = _("heartrisk administration")
admin.site.site_title = "heartrisk"
admin.site.index_title = _("Accounts, the model and the log pipeline")


@admin.register(ModelManifest)
class ModelManifestAdmin(_ManifestAdmin):
    """One page in the place of the list. Who may view it sees it; nobody may edit it."""

    def get_urls(self) -> list[URLPattern]:
        # Django's pages for single objects would ask the database for a table.
        page = self.admin_site.admin_view(self.changelist_view)
        return [path("", page, name="predictions_modelmanifest_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModelManifest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ModelManifest | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("The model in use"),
            "opts": self.opts,
            **_manifest(),
        }
        return TemplateResponse(request, "admin/predictions/manifest.html", context)


def _manifest() -> dict[str, list[Section] | str]:
    try:
        return {"sections": sections(get_predictor().manifest)}
    except ModelError as error:
        return {"unavailable": str(error)}
