"""The generated documents are current."""

from pathlib import Path

import pytest

from heartrisk_site.variables import BASE_DIR
from tools.docs.generated import GENERATED, stale, write


def test_the_committed_documents_are_what_would_be_written() -> None:
    assert stale(BASE_DIR) == []


def test_it_writes_what_it_then_finds_current(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []


@pytest.mark.parametrize("name", GENERATED)
def test_it_sees_a_changed_and_a_missing_document(name: str, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / name).write_text("changed")
    assert stale(tmp_path) == [f"{name} is not what `make docs` writes"]
    (tmp_path / name).unlink()
    assert stale(tmp_path) == [f"{name} is not what `make docs` writes"]
