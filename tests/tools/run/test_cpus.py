"""How many web processes."""

import os
from pathlib import Path

import pytest

from tools.run.cpus import MOST_WORKERS, workers


@pytest.fixture(autouse=True)
def sixteen_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(16)), raising=False)


def test_it_starts_four_on_a_large_machine(tmp_path: Path) -> None:
    assert workers(tmp_path) == MOST_WORKERS


def test_it_counts_only_the_cores_it_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {3, 5})
    assert workers(tmp_path) == 2


def test_it_counts_all_cores_where_none_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert workers(tmp_path) == 3


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("150000 100000", 2), ("20000 100000", 1), ("max 100000", 4), ("nonsense", 4)],
)
def test_it_keeps_to_the_limit_of_its_container(limit: str, expected: int, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(f"{limit}\n")
    assert workers(tmp_path) == expected


@pytest.mark.parametrize(("quota", "expected"), [("300000", 3), ("-1", 4)])
def test_it_keeps_to_the_limit_of_an_older_container(
    quota: str, expected: int, tmp_path: Path
) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota)
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000")
    assert workers(tmp_path) == expected
