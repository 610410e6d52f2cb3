"""What a web process does before its first request, so that no request has to wait for it."""

import gc
import logging
from typing import Final

import numpy as np
from django.urls import get_resolver

from predictions.features import EXAMPLE
from predictions.log.process import drain_in_every_worker
from predictions.risk.predictor import ModelError, get_predictor

logger: Final = logging.getLogger(__name__)


def load() -> None:
    """Loads the model and the views. A server that forks calls it before: workers share both."""
    # Imports make 300,000 objects that stay. The collector would walk them again and again, a
    # tenth of the time that this takes, and find next to nothing.
    gc.disable()
    try:
        get_resolver().check()
        get_predictor().predict(np.array(list(EXAMPLE.values()), dtype=np.float64))
    except ModelError as error:
        # The site starts all the same: its pages answer, predictions are refused with this.
        logger.error("Predictions cannot be answered: %s", error)
    finally:
        # Nor need it ever walk them later, and forked memory stays shared.
        gc.freeze()
        gc.enable()


def start_worker() -> None:
    """Once in each process that answers requests."""
    load()
    drain_in_every_worker()
