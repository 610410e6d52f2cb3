"""How the processes print their own logs."""

from typing import Any


def logging_settings(level: str, log_format: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Each of its requests is no news; what fails is told by us, with where and since when.
        "loggers": {
            name: {"level": "ERROR"} for name in ("elastic_transport", "httpx", "httpcore")
        },
    }
