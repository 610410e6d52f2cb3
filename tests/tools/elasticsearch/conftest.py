"""Java and Maven that only seem to be there."""

from pathlib import Path

import pytest

from tests.tools.elasticsearch.programs import Programs


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """An empty PATH to put programs on."""
    return Programs(tmp_path, monkeypatch)
