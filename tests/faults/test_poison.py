"""F15: an entry that kills whoever decodes it is found out; those around it are indexed."""

import signal
import time

import orjson

from logpipeline.delivery.preparation import MOST_DELIVERIES
from tests.faults.http_proxy import Answer, HttpProxy, Request
from tests.faults.pipeline import INDICES, World, check_counters, ids, predictions

KILLER = "kills whoever decodes it"


def test_f15_an_entry_that_kills_is_poison_and_only_that_one(world: World) -> None:
    innocent = predictions(60)
    killer = orjson.dumps(orjson.loads(predictions(1)[0]) | {"message": KILLER})
    world.add([*innocent[:55], killer, *innocent[55:]])
    with HttpProxy(world.es_url, slowly) as proxy:
        codes = [run(world, proxy.url) for _ in range(MOST_DELIVERIES + 1)]
    assert codes == [-signal.SIGKILL] * MOST_DELIVERIES + [0]
    assert [letter["reason"] for letter in world.dead_letters()] == ["poison"]
    assert [world.ids_in(alias) for alias in INDICES] == [ids(innocent)] * 3
    assert world.at_rest()
    check_counters(world.counters(), len(innocent) + 1, 3 * len(innocent) + 1)


def slowly(request: Request) -> Answer | None:
    """An innocent one is still under way when the killer is decoded, if they may meet at all."""
    if request.is_bulk:
        time.sleep(0.1)
    return None


def run(world: World, es_url: str) -> int:
    """The exit code of a pipeline that the killer kills."""
    claim_at_once = {"LOG_PIPELINE_CLAIM_AFTER": "1", "ES_URL": es_url}
    with world.pipeline("--once", KILLED_BY=KILLER, **claim_at_once) as process:
        return process.wait()
