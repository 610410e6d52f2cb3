"""The web site: address, security, database, model."""

from typing import Final

from heartrisk_site.variables.variable import BASE_DIR, PORT, Variable

SITE: Final[tuple[Variable, ...]] = (
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
    Variable(name="API_PORT", default=8000, help="Port the site listens on.", **PORT),
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
)
