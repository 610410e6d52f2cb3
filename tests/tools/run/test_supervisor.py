"""The supervisor, with services of a few lines."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.run.supervisor import MOST_CRASHES, Service, Supervisor

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); open({ready!r}, 'w'); " + SLEEP


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def service(code: str, answers: Callable[[], bool] = lambda: True, **more: Any) -> Service:
    name = more.pop("name", "worker")
    return Service(name, [sys.executable, "-c", code], answers=answers, **more)


def run(*services: Service, on_ready: Callable[[], None] = lambda: None) -> int:
    return Supervisor(services, on_ready=on_ready, on_change=lambda _pids: None).run()


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def interrupt_when(condition: Callable[[], bool]) -> None:
    def wait() -> None:
        until(condition)
        interrupt()

    threading.Thread(target=wait).start()


def test_it_ends_all_and_says_0_after_ctrl_c() -> None:
    worker = service(SLEEP)
    assert run(worker, on_ready=interrupt) == 0
    assert worker.ended() == -signal.SIGTERM


def test_it_announces_once_when_every_service_answers() -> None:
    answers = iter([False, False, True])
    announced: list[bool] = []

    def on_ready() -> None:
        announced.append(True)
        interrupt()

    run(service(SLEEP, answers=lambda: next(answers)), on_ready=on_ready)
    assert announced == [True]
    assert list(answers) == []


def test_it_stops_where_a_service_ends_before_it_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(service("raise SystemExit(3)", answers=lambda: False)) == 1
    assert capsys.readouterr().out == "heartrisk: worker ended with exit code 3; stopping.\n"


def test_it_starts_a_crashed_service_again_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    worker = service(SLEEP)

    def crash_once() -> None:
        assert worker.process is not None
        first = worker.process
        first.kill()

        def interrupt_the_second() -> None:
            until(lambda: worker.process is not first)
            interrupt()

        threading.Thread(target=interrupt_the_second).start()

    assert run(worker, on_ready=crash_once) == 0
    assert "worker ended with signal SIGKILL; starting it again." in capsys.readouterr().out


def test_it_gives_up_on_a_service_that_crashes_again_and_again() -> None:
    worker = service("import time; time.sleep(0.2)")
    assert run(worker) == 1
    assert len(worker.crashes) == MOST_CRASHES + 1


def test_it_forgets_crashes_of_long_ago() -> None:
    worker = service(SLEEP)
    worker.ready = True
    assert all(worker.may_restart(now=100.0 * day) for day in range(MOST_CRASHES + 5))


def test_it_kills_what_does_not_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ready = tmp_path / "ready"
    worker = service(DEAF.format(ready=str(ready)), answers=ready.exists)
    worker.stop_within_s = 0.2
    assert run(worker, on_ready=interrupt) == 0
    assert worker.ended() == -signal.SIGKILL
    assert "did not end within 0.2 s and is killed" in capsys.readouterr().out


def test_it_does_not_wait_after_the_second_ctrl_c(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    worker = service(DEAF.format(ready=str(ready)), answers=ready.exists)

    def twice() -> None:
        interrupt()
        threading.Timer(0.3, interrupt).start()

    start = time.monotonic()
    assert run(worker, on_ready=twice) == 0
    assert time.monotonic() - start < worker.stop_within_s / 2


def test_it_reports_the_pids_of_what_it_started() -> None:
    seen: list[dict[str, int]] = []
    worker = service(SLEEP)
    Supervisor([worker], on_ready=interrupt, on_change=seen.append).run()
    assert worker.process is not None
    assert seen == [{"worker": worker.process.pid}]


def test_it_can_stop_what_never_started() -> None:
    worker = service(SLEEP)
    worker.stop()
    worker.kill()
    assert worker.ended() is None


def test_it_neither_waits_for_a_service_that_is_not_essential_nor_ends_with_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    helper = service("raise SystemExit(3)", lambda: False, name="helper", essential=False)

    def when_ready() -> None:
        interrupt_when(lambda: helper.given_up)

    assert run(service(SLEEP), helper, on_ready=when_ready) == 0
    lines = capsys.readouterr().out
    assert lines == "heartrisk: helper ended with exit code 3; the site goes on without it.\n"


def test_it_starts_a_service_when_the_one_it_needs_answers() -> None:
    ready = threading.Event()
    first = service(SLEEP, ready.is_set, name="first", essential=False)
    second = service(SLEEP, name="second", essential=False, starts_after="first")
    seen: list[bool] = []

    def when_ready() -> None:
        seen.append(second.process is None)
        ready.set()
        interrupt_when(lambda: second.process is not None)

    run(service(SLEEP), first, second, on_ready=when_ready)
    assert seen == [True]
    assert second.ended() == -signal.SIGTERM


def test_it_ends_what_had_to_wait_and_never_started() -> None:
    second = service(SLEEP, name="second", essential=False, starts_after="nobody")
    assert run(service(SLEEP), second, on_ready=interrupt) == 0
    assert second.process is None
