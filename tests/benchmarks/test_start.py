"""The benchmark of starting measures what a site has; its numbers are in docs/performance.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from benchmarks.start import ready
from benchmarks.start.memory import SERVER, SUPERVISOR, WORKER, Memory, of_process, of_site
from benchmarks.start.production import HIDDEN_FROM_SITE, hide, not_installed
from benchmarks.start.ready import BARE, SITE, Start, start
from benchmarks.start.report import Results, section
from tools.clean_environment import clean_environment


def results(elapsed: float, rss: int) -> Results:
    starts = {SITE: [Start(elapsed, 1.5)] * 3, BARE: [Start(1.0, 0.9)] * 3}
    site = [Memory(WORKER, rss, 60_000_000), Memory(WORKER, rss - 2_000_000, 60_000_000)]
    site.append(Memory(SUPERVISOR, 37_000_000, 25_000_000))
    return Results(
        starts=starts,
        forgotten=starts,
        make_run_first=4.2,
        make_run_later=[2.0, 2.2, 2.1],
        predictions=400,
        site=site,
        bare=Memory(BARE, 150_000_000, 110_000_000),
    )


def environment(folder: Path) -> dict[str, str]:
    clean = clean_environment(
        VAR_DIR=str(folder / "var"),
        LOG_TO_REDIS="false",
        **hide(HIDDEN_FROM_SITE, folder / "hidden"),
    )
    # With these, a process that is measured loads coverage.
    return {name: value for name, value in clean.items() if not name.startswith("COVERAGE_")}


# --- As make run installs it ------------------------------------------------------------


def test_a_hidden_package_seems_not_to_be_installed(tmp_path: Path) -> None:
    changes = hide(["pandas"], tmp_path / "hidden")
    program = "import importlib; importlib.import_module('pandas.api')"
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | changes, stderr=subprocess.PIPE, text=True
    )
    assert done.stderr.endswith("ModuleNotFoundError: No module named 'pandas'\n")


def test_packages_of_development_are_told_from_the_sites_and_from_python() -> None:
    modules = ["json.decoder", "django.http", "sklearn", "psycopg_binary.pq", "predictions.urls"]
    assert not_installed([*modules, "pandas.core", "pytest"]) == {"pandas", "pytest"}


# --- Ready ------------------------------------------------------------------------------


def test_the_site_is_ready_in_a_process_of_its_own(tmp_path: Path) -> None:
    started = start(SITE, environment(tmp_path))
    assert started.cpu > 0
    assert started.elapsed > 0


def test_it_refuses_a_process_that_loads_what_a_site_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ready._LOAD, SITE, "import iniconfig")
    with pytest.raises(SystemExit, match=re.escape("what a site does not have: ['iniconfig']")):
        start(SITE, environment(tmp_path))


def test_it_refuses_a_process_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ready._LOAD, SITE, "raise SystemExit(3)")
    with pytest.raises(SystemExit, match="heartrisk cannot be loaded"):
        start(SITE, environment(tmp_path))


# --- Memory -----------------------------------------------------------------------------


def test_memory_is_that_of_the_system() -> None:
    memory = of_process(psutil.Process(), WORKER)
    assert 0 < memory.pss <= memory.rss


def test_the_processes_of_the_site_are_told_apart() -> None:
    # A supervisor, a server and two workers, by what their commands say and who started whom.
    sleep = "import sys, time; print(flush=True); time.sleep(60)"
    server = (
        "import subprocess, sys, time\n"
        f"children = [subprocess.Popen([sys.executable, '-c', {sleep!r}]) for _ in range(2)]\n"
        "sys.stdin.read()\n"
        "[child.kill() for child in children]\n"
    )
    supervisor = (
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {server!r}, 'tools.run.web'])\n"
    )
    command = [sys.executable, "-c", supervisor]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        # Each worker says that it runs.
        process.stdout.readline(), process.stdout.readline()
        found = [memory.name for memory in of_site(process.pid)]
        process.communicate()
    assert found == [WORKER, WORKER, SERVER, SUPERVISOR]


# --- The section ------------------------------------------------------------------------


def test_it_says_what_was_asked_and_whether_it_is_met() -> None:
    text = section(results(elapsed=2.5, rss=180_000_000))
    assert "| ready within 2.5 s | 2.50 s | met |" in text
    assert "| RSS of a web worker at most 180 MB | 180 MB | met |" in text


def test_it_says_what_is_not_met() -> None:
    text = section(results(elapsed=2.6, rss=181_000_000))
    assert "| ready within 2.5 s | 2.60 s | not met |" in text
    assert "| RSS of a web worker at most 180 MB | 181 MB | not met |" in text


def test_it_tells_the_ratio_to_the_bare_service_and_the_spread() -> None:
    text = section(results(elapsed=1.5, rss=150_000_000))
    assert f"| {SITE}, files in memory | 1.50 (1.50 to 1.50) | 1.50 (1.50 to 1.50) | 1.50 |" in text
    assert "| web worker, 2 of them, each | 148 to 150 | 60 |" in text
