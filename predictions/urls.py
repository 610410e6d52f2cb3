"""The paths of predicting: pages, API, health, docs."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from predictions.api.batch import PredictBatchView
from predictions.api.health import HealthView, LiveView, ReadyView
from predictions.api.logs import AcknowledgeView, LogStatsView, LogsView, StreamView
from predictions.api.views import PredictProbaView, PredictView

# Looked through in this order: what is called most stands first.
urlpatterns = [
    path("predict", PredictView.as_view(), name="predict"),
    path("predict_proba", PredictProbaView.as_view(), name="predict_proba"),
    path("predict_batch", PredictBatchView.as_view(), name="predict_batch"),
    path("health", HealthView.as_view(), name="health"),
    path("health/live", LiveView.as_view(), name="health_live"),
    path("health/ready", ReadyView.as_view(), name="health_ready"),
    path("logs", LogsView.as_view(), name="logs"),
    path("logs/stats", LogStatsView.as_view(), name="logs_stats"),
    path("logs_api", StreamView.as_view(), name="logs_api"),
    path("logs_api/ack", AcknowledgeView.as_view(), name="logs_api_ack"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("", include("predictions.page.urls")),
]
