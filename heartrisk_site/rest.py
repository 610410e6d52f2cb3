"""Settings of the API and of its documentation."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": [
        "predictions.api.json.OrjsonRenderer",
        "predictions.api.browsable.BrowsableRenderer",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "predictions.api.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["predictions.api.json.OrjsonParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "predictions.api.authentication.Token",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_SCHEMA_CLASS": "predictions.api.schema.SiteSchema",
    "EXCEPTION_HANDLER": "predictions.api.problems.exception_handler",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "heartrisk",
    "DESCRIPTION": "10-year risk of coronary heart disease from 14 measurements.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "TAGS": [
        {"name": "predictions", "description": "From measurements to a risk."},
        {"name": "health", "description": "For load balancers and people."},
        {"name": "log", "description": "Every transaction, for staff and pipelines."},
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    # The choices say themselves what they are.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
