"""/health, /health/live and /health/ready."""

from django.conf import settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from predictions.api.schema import health_docs, live_docs
from predictions.health import HEALTH


class _ProbeView(APIView):
    # A probe has no session, and must be answered while the database is away.
    authentication_classes = ()
    permission_classes = (AllowAny,)


@health_docs("health")
class HealthView(_ProbeView):
    """Every dependency's state. 503 only where the site cannot predict."""

    def get(self, request: Request) -> Response:
        report = HEALTH.report()
        status = 503 if report["status"] == "failing" else 200
        version = settings.SPECTACULAR_SETTINGS["VERSION"]
        answer = Response({"status": report["status"], "version": version, **report}, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


@health_docs("health_ready")
class ReadyView(HealthView):
    """Whether requests should be sent here: a golden prediction gave its known number."""


@live_docs
class LiveView(_ProbeView):
    """Whether the process answers at all; looks at nothing else."""

    def get(self, request: Request) -> Response:
        return Response({"status": "ok"}, headers={"Cache-Control": "no-store"})
