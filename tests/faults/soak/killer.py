"""A pipeline that is killed again and again."""

import threading
from types import TracebackType
from typing import Final, Self

import redis

from logpipeline.sources.takeover import ALIVE_KEY
from tests.faults.pipeline import World
from tests.faults.process import PipelineProcess

KILL_AFTER_S: Final = 2.0
_LOOK_EVERY_S: Final = 0.05


class Killer:
    """Starts one after the other, each killed when it has been at work for two seconds."""

    def __init__(self, world: World) -> None:
        self.kills = 0
        # Those that ended before: their last words.
        self.ended_alone: list[str] = []
        self.most_memory = 0
        self._world = world
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            with self._world.pipeline() as process:
                self._let_live(process)

    def _let_live(self, process: PipelineProcess) -> None:
        while not self._is_at_work(process):
            if self._stopped.wait(_LOOK_EVERY_S):
                return
            if process.process.poll() is not None:
                self.ended_alone.append(process.log)
                return
        self._stopped.wait(KILL_AFTER_S)
        self.most_memory = max(self.most_memory, process.most_memory)
        process.kill()
        self.kills += 1

    def _is_at_work(self, process: PipelineProcess) -> bool:
        """It has said that it lives, which it does when it begins to read."""
        mine = f"{ALIVE_KEY}*-{process.process.pid}-*"
        try:
            return any(self._world.valkey.client().scan_iter(mine, count=1000))
        except redis.RedisError:
            return False
