"""The API's tests run against the real Valkey, so that every request is logged as in life."""

import pytest

from predictions.risk.predictor import get_predictor
from tests.conftest import Valkey


@pytest.fixture(scope="session")
def _loaded_model() -> None:
    # The first load takes longer than a health check waits.
    get_predictor()


@pytest.fixture(autouse=True)
def _site(valkey: Valkey, _loaded_model: None) -> None:
    """Valkey is up and the model loaded."""
