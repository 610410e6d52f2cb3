from pathlib import Path

import pytest
from django.core.management import call_command


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained now, by the command that everybody uses."""
    folder = tmp_path_factory.mktemp("trained")
    call_command("train_model", output=folder)
    return folder
