"""The pipeline's benchmark counts what it measures; its numbers are in docs/performance.md."""

import subprocess
import sys
from pathlib import Path

import pytest

from heartrisk_site.variables import BASE_DIR


@pytest.fixture(scope="module")
def output(elasticsearch_home: Path) -> str:
    """Of the smallest real run, on an Elasticsearch of its own."""
    assert elasticsearch_home.is_dir()
    command = [sys.executable, "-m", "benchmarks.pipeline", "--quick"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_reports_each_contender_as_a_share_of_the_ceiling(output: str) -> None:
    rows = [line.split("|")[1:-1] for line in output.splitlines() if line.startswith("| ")]
    names = [row[0].strip() for row in rows[1:]]
    assert names == ["pipeline", "ceiling", "ceiling, two under way", "streaming_bulk"]
    assert all(float(row[-2]) > 0 for row in rows[1:])


def test_it_tells_how_the_pipelines_memory_went(output: str) -> None:
    assert "Pipeline's RSS: " in output
