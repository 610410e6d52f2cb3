"""Every environment variable the site reads: type, default, limits and help.

``settings.py`` reads its values from here; ``docs/configuration.md`` and
``.env.example`` are written from the same table (``make docs``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import environ

BASE_DIR: Final = Path(__file__).resolve().parent.parent
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class BadConfiguration(SystemExit):
    """Stops the start with one line that names the variable."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"heartrisk: {sentence}")


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


class Environment:
    """Reads and checks the variables; the real environment wins over ``.env``."""

    def __init__(self, dotenv: Path | None = None) -> None:
        if dotenv is not None and dotenv.is_file():
            environ.Env.read_env(dotenv)
        self._env = environ.Env()

    def get(self, name: str) -> Any:
        """The checked value of a variable of the table, or its default."""
        variable = BY_NAME[name]
        raw = self._env.str(name, default="").strip()
        if raw == "":
            default = variable.default
            return list(default) if isinstance(default, tuple) else default
        value = _PARSERS[variable.kind](name, raw)
        _check_range(variable, value)
        _check_words(variable, value)
        return value


def _whole_number(name: str, raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise BadConfiguration(f"{name}={raw!r} is not a whole number.") from None


def _truth(name: str, raw: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False}
    if raw.lower() not in words:
        raise BadConfiguration(f"{name}={raw!r} is neither true nor false.")
    return words[raw.lower()]


_PARSERS: Final[dict[type, Callable[[str, str], Any]]] = {
    str: lambda _name, raw: raw,
    list: lambda _name, raw: [part.strip() for part in raw.split(",") if part.strip()],
    int: _whole_number,
    bool: _truth,
}


def _check_range(variable: Variable, value: object) -> None:
    if not isinstance(value, int):
        return
    given = f"{variable.name}={value}"
    if variable.low is not None and value < variable.low:
        raise BadConfiguration(f"{given} is below the least allowed, {variable.low}.")
    if variable.high is not None and value > variable.high:
        raise BadConfiguration(f"{given} is above the most allowed, {variable.high}.")


def _check_words(variable: Variable, value: object) -> None:
    shown = "the given value" if variable.secret else repr(value)
    if variable.choices and value not in variable.choices:
        allowed = ", ".join(variable.choices)
        raise BadConfiguration(f"{variable.name}: {shown} is not one of {allowed}.")
    if variable.schemes and urlsplit(str(value)).scheme not in variable.schemes:
        allowed = ", ".join(f"{scheme}://" for scheme in variable.schemes)
        raise BadConfiguration(f"{variable.name}: {shown} does not begin with one of {allowed}.")
