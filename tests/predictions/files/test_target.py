import os
from pathlib import Path

import pytest

from predictions.files.errors import FileError
from predictions.files.target import check_target, whole


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("in")
    return path


def refused(source: Path | None, target: Path, *, replace: bool = False) -> str:
    with pytest.raises(FileError) as caught:
        check_target(source, target, replace=replace)
    return str(caught.value)


def test_it_takes_a_new_file(source: Path, tmp_path: Path) -> None:
    check_target(source, tmp_path / "out.csv", replace=False)


def test_it_refuses_the_input_even_where_it_may_replace(source: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    assert refused(source, link, replace=True).endswith("the answer needs a file of its own.")


def test_it_refuses_a_file_that_exists(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")
    assert refused(source, target) == f"{target} exists; --force replaces it."
    check_target(source, target, replace=True)


@pytest.mark.parametrize("name", [".", os.devnull])
def test_it_refuses_what_is_no_file(name: str, tmp_path: Path) -> None:
    target = tmp_path / name
    assert refused(None, target, replace=True) == f"{target} is no ordinary file."


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with whole(target) as file:
        file.write(b"text")
        assert not target.exists()
    assert target.read_bytes() == b"text"


def test_nothing_is_left_of_a_file_that_failed(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"before")
    with pytest.raises(TypeError), whole(target) as file:
        file.write("a text, which it does not take")  # type: ignore[call-overload]
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("out.csv", b"before")
    ]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    with whole(tmp_path / "out.csv"):
        pass
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "out.csv")
    with whole(link) as file:
        file.write(b"text")
    assert link.is_symlink()
    assert (tmp_path / "out.csv").read_bytes() == b"text"
