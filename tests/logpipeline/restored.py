"""Commands of the pipeline change their process: signals, log, garbage collector."""

import gc
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_before() -> Iterator[None]:
    """What is changed inside is changed back, for the tests that come after."""
    handlers = list(logging.getLogger().handlers)
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    threshold = gc.get_threshold()
    try:
        yield
    finally:
        logging.captureWarnings(False)
        logging.getLogger().handlers[:] = handlers
        for number, handler in signals.items():
            signal.signal(number, handler)
        gc.set_threshold(*threshold)
        gc.unfreeze()
