"""Every path of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

import predictions.urls
from monitoring.metrics.view import metrics

handler400 = "predictions.error_pages.bad_request"
handler403 = "predictions.error_pages.permission_denied"
handler404 = "predictions.error_pages.not_found"
handler500 = "predictions.error_pages.server_error"

urlpatterns = [
    # Not by include(): Django would look through one list more for each prediction.
    *predictions.urls.urlpatterns,
    path("metrics", metrics, name="metrics"),
    path("monitoring/", include("monitoring.urls")),
    path("admin/", admin.site.urls),
]
if settings.ENABLE_SILK:
    urlpatterns += [path("silk/", include("silk.urls", namespace="silk"))]
