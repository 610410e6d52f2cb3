"""Django settings, read from the environment (see ``environment.py``)."""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from heartrisk_site.elasticsearch_url import elasticsearch_url
from heartrisk_site.environment import LOOPBACK, BadConfiguration, Environment
from heartrisk_site.process_logs import logging_settings
from heartrisk_site.redis_url import redis_url
from heartrisk_site.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401  (settings)
from heartrisk_site.variables import BASE_DIR

ENV = Environment(BASE_DIR / ".env")
# A relative one is relative to the project, whatever the current folder is.
VAR_DIR: Path = BASE_DIR / ENV.get("VAR_DIR")

# --- Core -------------------------------------------------------------------
DEBUG: bool = ENV.get("DEBUG")
SECRET_KEY: str = ENV.get("SECRET_KEY") or ""
if not SECRET_KEY:
    raise BadConfiguration("SECRET_KEY is not set. `make run` writes one into .env.")
ALLOWED_HOSTS: list[str] = ENV.get("ALLOWED_HOSTS")
ROOT_URLCONF = "heartrisk_site.urls"
WSGI_APPLICATION = "heartrisk_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ENABLE_SILK: bool = ENV.get("ENABLE_SILK")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Serves static files through whitenoise under `runserver` too.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "corsheaders",
    "predictions",
    "logpipeline",
    "monitoring",
    "kibana",
    *(["silk"] if ENABLE_SILK else []),
]

MIDDLEWARE = [
    *(["corsheaders.middleware.CorsMiddleware"] if ENV.get("CORS_ALLOWED_ORIGINS") else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "monitoring.middleware.TransactionLinesMiddleware",
    "monitoring.metrics.middleware.MetricsMiddleware",
    "predictions.middleware.TransactionMiddleware",
    "heartrisk_site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Lets a program's call past those below, up to htmx's.
    "heartrisk_site.middleware.BrowserMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    *(["silk.middleware.SilkyMiddleware"] if ENABLE_SILK else []),
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------
_SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at BEGIN, so that two writers wait instead of failing.
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def _database() -> dict[str, object]:
    url = ENV.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
    database: dict[str, object] = dict(environ.Env.db_url_config(url))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = _SQLITE_OPTIONS
        # A file in tests too: Django never closes a thread's connection to one in memory.
        database["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    return database


DATABASES = {"default": _database()}

# --- Redis: cache and transaction log ---------------------------------------
REDIS_URL = redis_url(ENV, VAR_DIR)
REDIS_TIMEOUT_MS: int = ENV.get("REDIS_TIMEOUT_MS")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT_MS / 1000,
            "SOCKET_TIMEOUT": REDIS_TIMEOUT_MS / 1000,
            "CONNECTION_POOL_KWARGS": {
                # The spool is the retry: a request must not wait for a second try.
                "retry": None,
                "retry_on_timeout": False,
                # A connection is ready without HELLO and SETINFO: each could wait, too.
                "protocol": 2,
                "driver_info": None,
            },
        },
    }
}
LOG_TO_REDIS: bool = ENV.get("LOG_TO_REDIS")
REDIS_LOGS_MAX_SIZE: int = ENV.get("REDIS_LOGS_MAX_SIZE")
REDIS_STREAM_MAX_LENGTH: int = ENV.get("REDIS_STREAM_MAX_LENGTH")
ENABLE_PERFORMANCE_MONITORING: bool = ENV.get("ENABLE_PERFORMANCE_MONITORING")
SPOOL_DIR = VAR_DIR / "spool"
SPOOL_MAX_BYTES: int = ENV.get("SPOOL_MAX_MB") * 1_000_000

# --- Log pipeline: from Redis to Elasticsearch ------------------------------
ES_URL: str = elasticsearch_url(ENV, VAR_DIR)
ES_API_KEY: str = ENV.get("ES_API_KEY")
ES_CA_CERTS: str = ENV.get("ES_CA_CERTS")
ES_INDEX_PREFIX: str = ENV.get("ES_INDEX_PREFIX")
ES_RETENTION_DAYS: int = ENV.get("ES_RETENTION_DAYS")
LOGS_API_URL: str = ENV.get("LOGS_API_URL") or ENV.get("GRADIO_URL") or ""
LOGS_API_TOKEN: str = ENV.get("LOGS_API_TOKEN")
LOG_PIPELINE_INTERVAL: int = ENV.get("LOG_PIPELINE_INTERVAL")
LOG_PIPELINE_BATCH_SIZE: int = ENV.get("LOG_PIPELINE_BATCH_SIZE")
LOG_PIPELINE_CLAIM_AFTER: int = ENV.get("LOG_PIPELINE_CLAIM_AFTER")
LOG_PIPELINE_GIVE_UP: int = ENV.get("LOG_PIPELINE_GIVE_UP")
# In order. An entry goes to every index that a rule routes it to; docs/rules.md has all
# conditions and actions, `manage.py check` refuses a list that is wrong.
LOG_PIPELINE_RULES: list[dict[str, object]] = [
    {"name": "everything", "predicate": {}, "action": "route", "index": "ml-api-logs"},
    {
        "name": "predictions",
        "predicate": {"has": ["input_data", "result"]},
        "action": "route",
        "index": "ml-api-message",
    },
    {
        "name": "measured",
        "predicate": {"has": ["performance_metrics"]},
        "action": "route",
        "index": "ml-api-perfs",
    },
]

# --- Model ------------------------------------------------------------------
MODEL_PATH: str = ENV.get("MODEL_PATH")
HF_TOKEN: str = ENV.get("HF_TOKEN")
BATCH_MAX_ROWS: int = ENV.get("BATCH_MAX_ROWS")

# --- Who may do what --------------------------------------------------------
API_HOST: str = ENV.get("API_HOST")
API_PORT: int = ENV.get("API_PORT")
BEHIND_PROXY: bool = ENV.get("BEHIND_PROXY")
# Behind a proxy every client has the proxy's address, so REMOTE_ADDR proves nothing.
_ON_THIS_MACHINE_ONLY = API_HOST in LOOPBACK and not BEHIND_PROXY
_public = ENV.get("PUBLIC_PREDICTIONS")
PUBLIC_PREDICTIONS: bool = _ON_THIS_MACHINE_ONLY if _public is None else _public
CORS_ALLOWED_ORIGINS: list[str] = ENV.get("CORS_ALLOWED_ORIGINS")
CORS_EXPOSE_HEADERS = ["X-Transaction-ID", "Server-Timing"]
CORS_ALLOW_HEADERS = ["accept", "accept-language", "authorization", "content-type", "x-request-id"]
CSRF_TRUSTED_ORIGINS: list[str] = ENV.get("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "predictions.error_pages.csrf_failure"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Transport --------------------------------------------------------------
HTTPS: bool = ENV.get("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# The container's and the load balancer's probes come without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health(/|$)"]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True
X_FRAME_OPTIONS = "DENY"

# --- Pages, languages, files ------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "heartrisk_site.static_files.StaticFiles"
    },
}

# --- django-silk ------------------------------------------------------------
SILKY_AUTHENTICATION = True
SILKY_AUTHORISATION = True
# Bodies hold health data; silk must not keep them.
SILKY_MAX_REQUEST_BODY_SIZE = 0
SILKY_MAX_RESPONSE_BODY_SIZE = 0

# --- Watching ---------------------------------------------------------------
_public_metrics = ENV.get("PUBLIC_METRICS")
PUBLIC_METRICS: bool = _ON_THIS_MACHINE_ONLY if _public_metrics is None else _public_metrics
PUBLIC_URL: str = (ENV.get("PUBLIC_URL") or "").rstrip("/")
# Each process keeps its metrics in a file there, so that any can answer for all.
PROMETHEUS_DIR = VAR_DIR / "prometheus"
ALERTS_INTERVAL: int = ENV.get("ALERTS_INTERVAL")
ALERT_WEBHOOK_URL: str = ENV.get("ALERT_WEBHOOK_URL") or ""
ALERT_EMAIL_TO: list[str] = ENV.get("ALERT_EMAIL_TO")
DEFAULT_FROM_EMAIL: str = ENV.get("ALERT_EMAIL_FROM")
vars().update(environ.Env.email_url_config(ENV.get("EMAIL_URL") or "smtp://localhost:25"))
EMAIL_TIMEOUT = 10
DRIFT_WINDOW_HOURS: int = ENV.get("DRIFT_WINDOW_HOURS")
KIBANA_URL: str = (ENV.get("KIBANA_URL") or "").rstrip("/")
KIBANA_API_KEY: str = ENV.get("KIBANA_API_KEY")
# Invented people only, marked as such in every page and log entry.
DEMO: bool = ENV.get("DEMO")

# --- Logs of the processes --------------------------------------------------
LOG_FORMAT: str = ENV.get("LOG_FORMAT")
LOGGING = logging_settings(ENV.get("LOG_LEVEL"), LOG_FORMAT)
