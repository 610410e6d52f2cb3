"""What must be true of a run before its figures are worth reading."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Self

import httpx
import redis

from benchmarks.contenders import PROTOTYPE, Contender
from benchmarks.load.load import Refused
from benchmarks.prototype_log import KEPT, KEY
from benchmarks.services import Service
from benchmarks.stream import entries_in
from heartrisk_site.redis_url import embedded_url
from predictions.features import EXAMPLE
from predictions.log.spool import Spool
from predictions.log.transaction_log import STREAM_KEY

PATH: Final = "/predict"
# Everything known, and what may be unknown left out, of one who smokes and one who does not.
_UNKNOWN: Final = dict.fromkeys(
    ("CIGS_PER_DAY", "BP_MEDS", "TOT_CHOL", "BMI", "HEART_RATE", "GLUCOSE")
)
PEOPLE: Final[tuple[Mapping[str, float | None], ...]] = (
    EXAMPLE,
    {**EXAMPLE, **_UNKNOWN},
    {**EXAMPLE, **_UNKNOWN, "CURRENT_SMOKER": 1, "AGE": 67, "SYS_BP": 171.5},
)
# What different ways to add up may differ by.
SAME: Final = 1e-12
_PATIENCE_S: Final = 30
_LOOK_EVERY_S: Final = 0.005


def probabilities(service: Service) -> list[float]:
    """What it answers for PEOPLE."""
    answers = [
        httpx.post(f"http://127.0.0.1:{service.port}{PATH}", json=person, timeout=_PATIENCE_S)
        for person in PEOPLE
    ]
    return [float(each.raise_for_status().json()["probability"]) for each in answers]


def require_same(answers: Mapping[str, list[float]]) -> None:
    """Of each service, for the same people: all must say the same, or the times mean nothing."""
    for each in zip(*answers.values(), strict=True):
        if max(each) - min(each) > SAME:
            raise Refused(f"the services disagree: {dict(zip(answers, each, strict=True))}")


class Log:
    """What the contenders left in Redis and in the spool.

    ``entries``, ``copies``: of what was taken so far, the transactions, and the entries that
    stood there a second time: Redis had taken them, but its answer came after the timeout, so
    that the spool brought them again, under the same id.
    """

    def __init__(self, client: redis.Redis, spool: Spool, patience_s: float = 20) -> None:
        self._redis = client
        self._spool = spool
        self._patience_s = patience_s
        self.entries = self.copies = 0

    @classmethod
    def of(cls, var_dir: Path) -> Self:
        """That of the services which run in this folder."""
        client = redis.Redis.from_url(embedded_url(var_dir))
        return cls(client, Spool(var_dir / "spool", max_bytes=0))

    def take(self, contender: Contender, sent: int) -> None:
        """Refused unless ``sent`` requests left what they must; then the log is empty again."""
        if contender.logs:
            self._wait_for(sent)
        expected = sent if contender.logs else 0
        self.copies += require_entries(entries_in(self._redis), expected, contender)
        self.entries += expected
        if contender is PROTOTYPE:
            self._require_prototype(sent)
        self._redis.delete(STREAM_KEY, KEY)

    def delivered_within(self) -> float:
        """The seconds until nothing waits in the spool any more."""
        began = time.monotonic()
        while waiting := self._spool.waiting():
            if time.monotonic() - began > self._patience_s:
                raise Refused(f"{waiting} entries wait in the spool")
            time.sleep(_LOOK_EVERY_S)
        return time.monotonic() - began

    def close(self) -> None:
        self._redis.close()

    def _wait_for(self, sent: int) -> None:
        """What is in the spool before the answer is in Redis soon after it."""
        deadline = time.monotonic() + self._patience_s
        while True:
            # The spool first: what leaves it is in Redis before.
            waiting, dropped = self._spool.waiting(), self._spool.dropped()
            there = int(str(self._redis.xlen(STREAM_KEY)))
            if there >= sent and not waiting and not dropped:
                return
            if time.monotonic() > deadline:
                raise Refused(
                    f"{sent} requests were sent, {there} entries stand in Redis, {waiting} "
                    f"wait in the spool, {dropped} were dropped"
                )
            time.sleep(0.1)

    def _require_prototype(self, sent: int) -> None:
        there = int(str(self._redis.llen(KEY)))
        if there != min(sent, KEPT):
            raise Refused(f"the prototype was sent {sent} requests and keeps {there} entries")


def require_entries(entries: Iterable[dict[str, Any]], expected: int, contender: Contender) -> int:
    """Refused unless each request has its entry, answered 200 and profiled where it must be.

    Returns how many stand there a second time.
    """
    identities, wrong, unprofiled = Counter[str](), 0, Counter[str]()
    for entry in entries:
        data = entry["data"]
        identities[data["transaction_id"]] += 1
        wrong += (data["path"], data["status"]) != (PATH, 200)
        if contender.profiles and not data["performance_metrics"]["profiled"]:
            unprofiled[data["performance_metrics"]["not_profiled"]] += 1
    if len(identities) != expected:
        raise Refused(
            f"{expected} requests were sent to {contender.name}, "
            f"{len(identities)} of them stand in Redis"
        )
    if wrong:
        raise Refused(f"{wrong} entries are not of a {PATH} that was answered with 200")
    if unprofiled:
        reasons = ", ".join(f"{count} because {why}" for why, count in unprofiled.items())
        raise Refused(f"{unprofiled.total()} of {expected} entries are not profiled: {reasons}")
    return identities.total() - expected
