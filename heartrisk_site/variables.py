"""Every environment variable the site reads: type, default, limits and help.

``environment.py`` reads them, ``settings.py`` uses them; ``docs/configuration.md`` and
``.env.example`` are written from this table (``make docs``).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

BASE_DIR: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable. ``default`` None means: not set unless the reader sets it."""

    name: str
    kind: type
    default: object
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    example: str = ""
    secret: bool = False


_PORT: Final[dict[str, Any]] = {"kind": int, "low": 1, "high": 65535}
_HTTP: Final[dict[str, Any]] = {"kind": str, "default": None, "schemes": ("http", "https")}

VARIABLES: Final[tuple[Variable, ...]] = (
    Variable(
        name="SECRET_KEY",
        kind=str,
        default=None,
        help="Signs sessions and tokens. `make run` writes a random one into .env.",
        secret=True,
    ),
    Variable(
        name="DEBUG", kind=bool, default=False, help="Django's debug pages. Never in production."
    ),
    Variable(name="API_HOST", kind=str, default="127.0.0.1", help="Address the site listens on."),
    Variable(name="API_PORT", default=8000, help="Port the site listens on.", **_PORT),
    Variable(
        name="WEB_WORKERS",
        kind=int,
        default=None,
        low=1,
        high=64,
        help="Web processes. Default: one a core, at most four.",
        example="2",
    ),
    Variable(
        name="ALLOWED_HOSTS",
        kind=list,
        default=("localhost", "127.0.0.1", "[::1]"),
        help="Host names the site answers to, separated by commas.",
    ),
    Variable(
        name="CORS_ALLOWED_ORIGINS",
        kind=list,
        default=(),
        help="Origins whose pages may call the API, separated by commas.",
        example="https://clinic.example",
    ),
    Variable(
        name="CSRF_TRUSTED_ORIGINS",
        kind=list,
        default=(),
        help="Origins whose forms are trusted, where a proxy changes the host.",
        example="https://heartrisk.example",
    ),
    Variable(
        name="HTTPS",
        kind=bool,
        default=False,
        help="The site is reached over HTTPS: redirects, HSTS and secure cookies.",
    ),
    Variable(
        name="BEHIND_PROXY",
        kind=bool,
        default=False,
        help="A reverse proxy sets X-Forwarded-Proto and X-Forwarded-Host.",
    ),
    Variable(
        name="PUBLIC_PREDICTIONS",
        kind=bool,
        default=None,
        help="Anyone may predict. Default: true only on a loopback API_HOST without a proxy.",
        example="true",
    ),
    Variable(
        name="VAR_DIR",
        kind=str,
        default=str(BASE_DIR / "var"),
        help="Folder of everything the site writes: database, spool, static files, Valkey.",
    ),
    Variable(
        name="DATABASE_URL",
        kind=str,
        default=None,
        schemes=("sqlite", "postgres", "postgresql"),
        help="Default: SQLite in VAR_DIR.",
        example="postgres://heartrisk:secret@localhost:5432/heartrisk",
        secret=True,
    ),
    Variable(
        name="MODEL_PATH",
        kind=str,
        default=str(BASE_DIR / "model" / "model.pkl"),
        help="The model file, its manifest.json beside it; or hf://owner/repository/file.",
    ),
    Variable(
        name="HF_TOKEN",
        kind=str,
        default="",
        help="Token for a private hf:// repository.",
        secret=True,
    ),
    Variable(
        name="BATCH_MAX_ROWS",
        kind=int,
        default=50_000,
        low=1,
        high=1_000_000,
        help="Most rows one /predict_batch may hold.",
    ),
    Variable(
        name="REDIS_HOST",
        kind=str,
        default=None,
        help="Without it and REDIS_URL, `make run` starts an embedded Valkey.",
        example="localhost",
    ),
    Variable(name="REDIS_PORT", default=6379, help="Redis' port.", **_PORT),
    Variable(
        name="REDIS_DB", kind=int, default=0, low=0, high=1000, help="Redis' database number."
    ),
    Variable(
        name="REDIS_URL",
        kind=str,
        default=None,
        schemes=("redis", "rediss", "unix"),
        help="Instead of the three above.",
        example="redis://localhost:6379/0",
        secret=True,
    ),
    Variable(
        name="REDIS_TIMEOUT_MS",
        kind=int,
        default=30,
        low=1,
        high=1000,
        help="Longest wait of a request for Redis; then its entry goes to the spool.",
    ),
    Variable(name="LOG_TO_REDIS", kind=bool, default=True, help="Log every transaction."),
    Variable(
        name="REDIS_LOGS_MAX_SIZE",
        kind=int,
        default=1000,
        low=1,
        high=1_000_000,
        help="Entries in the window that /logs shows.",
    ),
    Variable(
        name="REDIS_STREAM_MAX_LENGTH",
        kind=int,
        default=2_000_000,
        low=1000,
        high=1_000_000_000,
        help="Safety valve of the delivery stream; reaching it loses entries.",
    ),
    Variable(
        name="SPOOL_MAX_MB",
        kind=int,
        default=256,
        low=1,
        high=1_000_000,
        help="Most that the entries waiting for Redis may take on disk, for each web process.",
    ),
    Variable(
        name="ES_HOST",
        kind=str,
        default=None,
        help="Elasticsearch's host. Without it and ES_URL, `make run` starts a local node.",
        example="localhost",
    ),
    Variable(name="ES_PORT", default=9200, help="Elasticsearch's port.", **_PORT),
    Variable(
        name="ES_URL",
        **_HTTP,
        help="Instead of the two above; may hold a user and a password.",
        example="https://elastic:secret@search.example:9200",
        secret=True,
    ),
    Variable(name="ES_API_KEY", kind=str, default="", help="Elasticsearch's API key.", secret=True),
    Variable(
        name="ES_CA_CERTS",
        kind=str,
        default="",
        help="File of the authority that signed Elasticsearch's certificate.",
        example="/etc/ssl/elasticsearch-ca.pem",
    ),
    Variable(
        name="ES_INDEX_PREFIX",
        kind=str,
        default="",
        help="Stands before the names of all indices: two sites may share a cluster.",
        example="clinic-a-",
    ),
    Variable(
        name="ES_RETENTION_DAYS",
        kind=int,
        default=90,
        low=1,
        high=36_500,
        help="Days after which a server with ILM, or `manage.py prune_logs`, deletes an index.",
    ),
    Variable(
        name="RUN_ELASTICSEARCH",
        kind=bool,
        default=True,
        help="`make run` starts a local Elasticsearch where none is named and Java 17 is there.",
    ),
    Variable(
        name="LOGS_API_URL",
        **_HTTP,
        help="The site whose log the pipeline reads over HTTP instead of Redis.",
        example="https://heartrisk.example",
    ),
    Variable(name="GRADIO_URL", help="Older name of LOGS_API_URL.", **_HTTP),
    Variable(
        name="LOGS_API_TOKEN",
        kind=str,
        default="",
        help="Token of a staff user of that site.",
        secret=True,
    ),
    Variable(
        name="LOG_PIPELINE_INTERVAL",
        kind=int,
        default=10,
        low=1,
        high=3600,
        help="Longest wait of the continuous pipeline between two looks, in seconds.",
    ),
    Variable(
        name="LOG_PIPELINE_BATCH_SIZE",
        kind=int,
        default=1000,
        low=1,
        high=10_000,
        help="Most log entries the pipeline reads at once.",
    ),
    Variable(
        name="LOG_PIPELINE_CLAIM_AFTER",
        kind=int,
        default=30,
        low=1,
        high=3600,
        help="Seconds after which entries of a silent pipeline are taken over by another.",
    ),
    Variable(
        name="LOG_PIPELINE_GIVE_UP",
        kind=int,
        default=300,
        low=1,
        high=86_400,
        help="Seconds that refused credentials are tried again before the pipeline ends.",
    ),
    Variable(
        name="ENABLE_PERFORMANCE_MONITORING",
        kind=bool,
        default=True,
        help="Profile every transaction.",
    ),
    Variable(
        name="ENABLE_SILK",
        kind=bool,
        default=False,
        help="django-silk's request inspector at /silk/, for staff.",
    ),
    Variable(
        name="LOG_LEVEL",
        kind=str,
        default="INFO",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        help="Least serious line the processes print.",
    ),
)
BY_NAME: Final = {variable.name: variable for variable in VARIABLES}
