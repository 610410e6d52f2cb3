"""Runs a management command with one crash point: ``python -m tests.faults.pipeline_process``.

CRASH_AT names the point, CRASH_ON the how-manieth time it is reached (1), CRASH_BY the signal
(SIGKILL). KILLED_BY is a text: whoever decodes an entry that holds it is killed. The hooks are
put around the pipeline's own functions here, so that the pipeline knows nothing of them.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import django


class CrashPoint:
    """kill -9 of this process, or another signal, when it has been reached often enough."""

    def __init__(self, on: int) -> None:
        self._left = on

    def reached(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.Signals[os.environ.get("CRASH_BY", "SIGKILL")])


def before(owner: Any, name: str, point: CrashPoint) -> None:
    """Crash instead of the call."""

    def around(call: Callable[[], Any]) -> Any:
        point.reached()
        return call()

    _around(owner, name, around)


def after(owner: Any, name: str, point: CrashPoint) -> None:
    """Crash when the call has returned."""

    def around(call: Callable[[], Any]) -> Any:
        answer = call()
        point.reached()
        return answer

    _around(owner, name, around)


def _around(owner: Any, name: str, around: Callable[[Callable[[], Any]], Any]) -> None:
    function = getattr(owner, name)

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return around(lambda: function(*args, **kwargs))

    setattr(owner, name, wrapped)


def install(name: str, on: int) -> None:
    """The crash point of that name; KeyError for one that is not known."""
    from logpipeline import dead_letters
    from logpipeline.delivery import destination, pipeline
    from logpipeline.sources.redis_source import RedisSource

    point = CrashPoint(on)
    points: Final[dict[str, Callable[[], None]]] = {
        "after the read": lambda: after(pipeline, "prepare", point),
        "after the answer": lambda: before(pipeline.Pipeline, "_end", point),
        "after the bulk": lambda: after(destination, "send", point),
        "before the dead letter": lambda: before(dead_letters, "store", point),
        "after the dead letter": lambda: after(dead_letters, "store", point),
        "before the acknowledgement": lambda: before(RedisSource, "acknowledge", point),
        # The acknowledgement is there, and the stream still holds what it was for.
        "before the trim": lambda: after(RedisSource, "_acknowledge", point),
        "after the acknowledgement": lambda: after(RedisSource, "acknowledge", point),
    }
    points[name]()


def install_killer(text: bytes) -> None:
    """As a bug in a library of C does, which no exception tells of."""
    from logpipeline.delivery import preparation
    from logpipeline.entries import LogEntry

    module: Any = preparation
    decode = module.decode

    def killed(content: bytes) -> list[LogEntry]:
        if text in content:
            os.kill(os.getpid(), signal.SIGKILL)
        found: list[LogEntry] = decode(content)
        return found

    module.decode = killed


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    django.setup()
    if name := os.environ.get("CRASH_AT"):
        install(name, int(os.environ.get("CRASH_ON", "1")))
    if text := os.environ.get("KILLED_BY"):
        install_killer(text.encode())
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
