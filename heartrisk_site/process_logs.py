"""How the processes print their own logs."""

from typing import Any, Final

from predictions.process_log import TRANSACTIONS

_FORMATTERS: Final = {
    "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    "json": {"()": "predictions.process_log.JsonFormatter"},
}
_HANDLERS: Final[dict[str, dict[str, Any]]] = {
    "text": {"class": "logging.StreamHandler", "formatter": "text"},
    "json": {
        "class": "logging.StreamHandler",
        # Where a container's engine reads, and nothing else of the site's writes once it runs.
        "stream": "ext://sys.stdout",
        "formatter": "json",
        "filters": ["transaction"],
    },
}


def logging_settings(level: str, log_format: str) -> dict[str, Any]:
    """Django's LOGGING. ``text``: lines for people on stderr; ``json``: ECS objects on stdout."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {log_format: _FORMATTERS[log_format]},
        "filters": {"transaction": {"()": "predictions.process_log.TransactionFilter"}},
        "handlers": {log_format: _HANDLERS[log_format]},
        "root": {"handlers": [log_format], "level": level},
        "loggers": {
            # Each of its requests is no news; what fails is told by us, with where and since when.
            **{name: {"level": "ERROR"} for name in ("elastic_transport", "httpx", "httpcore")},
            # People have `make logs` for that.
            TRANSACTIONS: {"level": level if log_format == "json" else "CRITICAL"},
        },
    }
