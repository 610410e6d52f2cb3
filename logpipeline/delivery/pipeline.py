"""The loop: read, prepare, send, and acknowledge what has ended. One thread decides everything.

A second thread or two only wait for Elasticsearch's answers, so that the next batch is
prepared while one is under way. An entry is acknowledged when all its documents are
stored, were stored before, or are dead letters in the database; never earlier.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, wait
from typing import Final

from logpipeline import dead_letters
from logpipeline.delivery.answers import Verdict
from logpipeline.delivery.attempts import Attempts, Task
from logpipeline.delivery.bulk import Outcome
from logpipeline.delivery.counts import Counts
from logpipeline.delivery.destination import Destination, DestinationError
from logpipeline.delivery.elasticsearch_troubles import ElasticsearchTroubles
from logpipeline.delivery.flight import Flight
from logpipeline.delivery.options import GaveUpError, Options
from logpipeline.delivery.preparation import prepare
from logpipeline.delivery.refusals import Refusals
from logpipeline.delivery.trouble import Troubles
from logpipeline.rules.rules import Rules
from logpipeline.sources.source import ConflictError, Source

# How long a look for new entries may hold up everything else.
_LOOK_S: Final = 0.5
_SHORTLY_S: Final = 0.05
# An entry whose receiver lives so long after it got it is not what kills receivers.
_SURVIVED_S: Final = 5.0
# What is under way when the end is asked for may still land.
STOP_WITHIN_S: Final = 8.0
# The server is the one it was, and its templates are in place.
_SAME_SERVER: Final = (None, Verdict.OVERLOADED, Verdict.BLOCKED)


class Pipeline:
    """Call ``run`` once. ``stop`` may be called from a signal handler or another thread."""

    def __init__(
        self,
        source: Source,
        destination: Destination,
        rules: Rules,
        options: Options,
        *,
        letters: Source | None = None,
        on_housekeeping: Callable[["Pipeline"], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``letters``: queued dead letters, looked for every ``interval`` seconds."""
        self.counts = Counts()
        self.troubles = Troubles(clock)
        self.refusals = Refusals()
        self.source = source
        self._destination = destination
        self._rules = rules
        self._options = options
        self._letters = letters
        self._on_housekeeping = on_housekeeping
        self._clock = clock
        self._attempts = Attempts(self.troubles, clock)
        self._elasticsearch = ElasticsearchTroubles(self.troubles, clock)
        self._stopped = threading.Event()
        self._finish_until = 0.0
        self._flights: list[Flight] = []
        self._ready = False
        self._not_before = 0.0
        self._letters_at = 0.0
        self._housekeeping_at = 0.0
        self._drained = False

    def stop(self) -> None:
        """No further reads; what is under way lands, what cannot is given back."""
        self._finish_until = self._clock() + STOP_WITHIN_S
        self._stopped.set()

    def run(self) -> None:
        """Until ``stop``, or with ``once`` until the source is drained.

        Raises ``GaveUpError`` and ``ConflictError``. After any other error nothing is given
        back in order, as after a kill: should an entry have caused it, that counts against it.
        """
        try:
            while not self._stopped.is_set():
                self.step()
                if self._options.once and self._drained and not self._flights:
                    break
        except (GaveUpError, ConflictError):
            self._finish()
            raise
        self._finish()

    def step(self) -> None:
        """One round. Public for tests, which look between two of them."""
        self._housekeep()
        self._land()
        if self._is_ready():
            self._send_again()
            if self._read():
                return
        self._pause()

    # --- Making ready -----------------------------------------------------------------

    def _is_ready(self) -> bool:
        """The source is open, the indices' templates are in place."""
        if self._ready:
            return True
        if self._clock() < self._not_before:
            return False
        if not self._attempts.made(self.source, Task.OPENING, self.source.open):
            self._not_before = self._attempts.again_at
            return False
        try:
            self._destination.make_ready()
        except DestinationError as error:
            self._not_before = self._elasticsearch.not_ready(error)
            return False
        self._elasticsearch.well(self._flights)
        self._ready = True
        return True

    # --- Reading and sending ----------------------------------------------------------

    def _read(self) -> bool:
        """Whether a batch was taken."""
        if self._clock() < self._not_before or self._stopped.is_set():
            return False
        if self._read_letters():
            return True
        if self._under_way(self.source) >= self.source.most_in_flight:
            return False
        nothing_to_do = not self._flights and not self._options.once
        return self._read_from(self.source, wait=_LOOK_S if nothing_to_do else 0)

    def _read_letters(self) -> bool:
        """A batch at a time, and as long as there are more; then after the interval."""
        letters = self._letters
        if letters is None or self._clock() < self._letters_at or self._under_way(letters):
            return False
        if self._read_from(letters, wait=0):
            return True
        self._letters_at = self._clock() + self._options.interval
        return False

    def _under_way(self, source: Source) -> int:
        return sum(flight.source is source for flight in self._flights)

    def _read_from(self, source: Source, wait: float) -> bool:
        found: list[Flight] = []

        def read() -> None:
            deliveries = source.read(wait)
            if deliveries:
                prepared = prepare(deliveries, self._rules, self._destination.prefix)
                flight = Flight.of(source, prepared, self._clock())
                flight.counts.add_parts("rule_errors", self._rules.errors)
                self._rules.errors.clear()
                found.append(flight)
            elif source is self.source and not self._flights:
                self._drained = source.drained()

        if not self._attempts.made(source, Task.READING, read):
            # Dead letters wait for their interval; nothing else waits for them.
            if source is self.source:
                self._not_before = self._attempts.again_at
            return False
        for flight in found:
            self._drained = False
            self._flights.append(flight)
            self._send(flight)
        return bool(found)

    def _send_again(self) -> None:
        for flight in self._flights:
            if flight.may_be_sent and self._clock() >= flight.not_before:
                self._send(flight)

    def _send(self, flight: Flight) -> None:
        if not flight.units:
            return
        try:
            flight.sending = self._destination.send(flight.units)
        except DestinationError as error:
            flight.not_before = self._elasticsearch.not_ready(error)
            flight.troubled = True
            return
        flight.tries += 1
        if flight.tries > 1:
            flight.counts["retried"] += len(flight.units)

    # --- Landing ----------------------------------------------------------------------

    def _land(self) -> None:
        for flight in list(self._flights):
            if flight.sending is not None and flight.sending.done():
                self._take_in(flight, flight.sending.result())
            if flight.has_ended and self._clock() >= flight.not_before:
                self._end(flight)

    def _take_in(self, flight: Flight, outcome: Outcome) -> None:
        self.refusals.judge(outcome.stored, [unit for unit, _ in outcome.refused])
        flight.take_in(outcome, self.refusals.open)
        if flight.units:
            flight.not_before = self._elasticsearch.not_all_taken(outcome, self.refusals.open)
            if outcome.trouble not in _SAME_SERVER:
                self._destination.forget()
        if outcome.stored or not flight.units:
            self._elasticsearch.well(self._flights)

    def _end(self, flight: Flight) -> None:
        """Dead letters first, then the acknowledgement: a crash between repeats, never loses."""
        letters = flight.prepared.letters
        counts = Counts(flight.counts)
        counts.add_parts("dead", Counter(letter.reason for letter in letters))
        dead = {letter.key for letter in letters}

        def end() -> None:
            if letters and not flight.letters_stored:
                dead_letters.store(letters)
                flight.letters_stored = True
            flight.source.acknowledge(flight.prepared.ids, dead, counts)

        if not self._attempts.made(flight.source, Task.ACKNOWLEDGING, end):
            flight.not_before = self._attempts.again_at
            return
        self._flights.remove(flight)
        self.counts.update(counts)

    # --- Between the rounds -----------------------------------------------------------

    def _housekeep(self) -> None:
        now = self._clock()
        if now < self._housekeeping_at:
            return
        self._housekeeping_at = now + self._options.housekeeping
        if self._ready:
            self._attempts.made(self.source, Task.KEEPING_ALIVE, self.source.keep_alive)
            for flight in self._flights:
                self._has_survived(flight)
        self._on_housekeeping(self)
        self._give_up_if_hopeless()

    def _has_survived(self, flight: Flight) -> None:
        if not flight.survived and self._clock() - flight.started >= _SURVIVED_S:
            flight.survived = self._attempts.made(
                flight.source,
                Task.KEEPING_ALIVE,
                lambda: flight.source.survived(flight.prepared.ids),
            )

    def _give_up_if_hopeless(self) -> None:
        kinds = "" if self._options.once else "credentials"
        if sentence := self.troubles.lasting(self._options.give_up_after, kinds):
            raise GaveUpError(sentence)

    def _pause(self) -> None:
        """Until an answer comes, or for a moment."""
        under_way = [flight.sending for flight in self._flights if flight.sending is not None]
        if under_way:
            wait(under_way, timeout=_SHORTLY_S, return_when=FIRST_COMPLETED)
        elif (
            self._flights
            or not self._ready
            or self._clock() < self._not_before
            or (self._options.once and not self._drained)
        ):
            self._stopped.wait(_SHORTLY_S)

    def _finish(self) -> None:
        """Lets what is under way land; the rest is given back, not acknowledged."""
        until = self._finish_until or self._clock() + STOP_WITHIN_S
        try:
            while self._clock() < until and any(flight.sending for flight in self._flights):
                self._land()
                self._pause()
            self._land()
        finally:
            self.source.close()
            if self._letters is not None:
                self._letters.close()
            self._on_housekeeping(self)
