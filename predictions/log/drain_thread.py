"""The thread of each web worker that brings its entries to Redis."""

import logging
import threading
import time
from typing import Final

from predictions.log.drain import Drainer
from predictions.log.guard import LoggedFailure
from predictions.log.transaction_log import TransactionLog

# How long entries gather after a delivery: one round trip then carries all of them.
GATHER_SECONDS: Final = 0.01
# What may wait for a delivery before requests let it go first, so that the spool does not grow
# under load: threads that answer pass Python's lock to each other, and past this thread.
BEHIND_BYTES: Final = 400_000
# And how long they let it, at most; whoever waited in vain is the last one to wait for it.
HOLD_UP_SECONDS: Final = 0.02
# How often files of killed workers are looked for, and whether Redis is back.
LOOK_SECONDS: Final = 0.5

logger = logging.getLogger(__name__)


class DrainThread:
    """A daemon: it ends with the process. ``stop`` delivers what is left before.

    While it runs, whoever appends to ``log`` only wakes it, and gives it a moment where it has
    fallen behind.
    """

    def __init__(self, log: TransactionLog, drainer: Drainer) -> None:
        self._log = log
        self._drainer = drainer
        self._woken = threading.Event()
        self._stopping = False
        self._look_at = 0.0
        # How much had been delivered when somebody waited in vain.
        self._stuck_at = -1
        self._delivered = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="drain-spool", daemon=True)

    def start(self) -> None:
        self._log.deliver = self.wake
        self._thread.start()

    def wake(self) -> None:
        """There is something to deliver. Costs next to nothing while it keeps pace."""
        if not self._woken.is_set():
            self._woken.set()
        # A Redis that hangs need not hold up the next ones, too.
        if self._is_behind() and self._drainer.delivered != self._stuck_at:
            self._let_it_deliver()

    def stop(self, patience: float | None = None) -> None:
        """Seconds; what has not been delivered by then stays in the spool."""
        self._log.deliver = self._drainer.deliver
        self._stopping = True
        self._woken.set()
        self._thread.join(patience)

    def _let_it_deliver(self) -> None:
        before = self._drainer.delivered
        with self._delivered:
            self._delivered.wait_for(lambda: not self._is_behind(), HOLD_UP_SECONDS)
        if self._drainer.delivered == before:
            self._stuck_at = before

    def _is_behind(self) -> bool:
        return self._drainer.is_behind(BEHIND_BYTES)

    def _run(self) -> None:
        while not self._stopping:
            self._woken.wait(LOOK_SECONDS)
            self._woken.clear()
            delivered = self._deliver()
            with self._delivered:
                self._delivered.notify_all()
            if delivered:
                # While requests keep coming, none of them has to wake it.
                self._woken.set()
                time.sleep(GATHER_SECONDS)
        self._deliver()

    def _deliver(self) -> int:
        # A thread that dies would leave entries waiting for ever.
        with LoggedFailure(logger, "Draining the spool failed"):
            now = time.monotonic()
            looking = now >= self._look_at
            if looking:
                self._look_at = now + LOOK_SECONDS
            return self._drainer.deliver(left_behind=looking)
        return 0
