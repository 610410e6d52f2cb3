"""How the pipeline's process logs: one line, or one JSON object with ECS field names, each."""

import logging
import sys
import warnings
from typing import Final, TextIO

from elasticsearch import ElasticsearchWarning

from predictions.process_log import JsonFormatter

_LINE: Final = "{asctime} {levelname} {name}: {message}"


class _Stderr(logging.StreamHandler[TextIO]):
    """Finds stderr anew each time: a progress bar stands in its place for a while."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def log_as(kind: str) -> None:
    """``text`` or ``json``, on stderr: stdout is for the summary."""
    handler = _Stderr()
    text = logging.Formatter(_LINE, style="{")
    handler.setFormatter(JsonFormatter() if kind == "json" else text)
    logging.getLogger().handlers[:] = [handler]
    # Libraries' warnings are log lines; what Elasticsearch's headers warn of is no news.
    logging.captureWarnings(True)
    warnings.simplefilter("ignore", ElasticsearchWarning)
