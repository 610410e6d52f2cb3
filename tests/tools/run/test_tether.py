"""A process that ends with its parent."""

import os
import subprocess
import sys

import psutil
import pytest

PARENT = """
import os, subprocess, sys, time
tether = [sys.executable, "-m", "tools.run.tether", str(os.getpid())]
code = "import time; print(flush=True); time.sleep(60)"
child = subprocess.Popen([*tether, sys.executable, "-c", code], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_it_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_it_does_not_start_what_has_no_parent_any_more() -> None:
    command = [sys.executable, "-m", "tools.run.tether", "1", sys.executable, "-c", "print(1)"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_it_becomes_the_program() -> None:
    command = [sys.executable, "-m", "tools.run.tether", str(os.getpid())]
    done = subprocess.run(
        [*command, sys.executable, "-c", "print('here')"], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"here\n")
