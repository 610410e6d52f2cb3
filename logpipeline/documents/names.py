"""The three indices of the log, by the names they are read under."""

from typing import Final

INDEX_NAMES: Final = ("ml-api-logs", "ml-api-message", "ml-api-perfs")
