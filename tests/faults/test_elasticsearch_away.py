"""F6 to F10: Elasticsearch is down, goes away under load, is overloaded, or an index is blocked.

All on real nodes. Only what a whole request is refused with (F9) was recorded from one that
had been started for it, and is said by a proxy here.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from pytest_django import Settings

from logpipeline.delivery.pipeline import Pipeline
from tests.conftest import Valkey
from tests.elasticsearch import ElasticsearchNode
from tests.faults.http_proxy import Answer, HttpProxy
from tests.faults.pipeline import INDICES, World, check_stored, predictions
from tests.faults.proxy import TcpProxy, target_of
from tests.faults.writer import Writer
from tests.logpipeline.pipelines import Bench, dead, step_until
from tests.waiting import wait_until

# Long enough for the pause between two tries to be the longest there is; 60 s do as well.
AWAY_S = 8.0
FIRST_DOCUMENT_WITHIN_S = 5.0
REFUSING_S = 4.0
# Two batches are under way, and their pauses are at least 1/8, 1/4, 1/2, 1, 3/2, 3/2, ... s.
MOST_TRIES = 2 * (5 + int(REFUSING_S / 1.5))
MOST_MEMORY = 200_000_000
# "gateway.recover_after_data_nodes" of two, and "indexing_pressure.memory.limit" of 100 bytes.
REFUSALS = {
    429: b'{"error":{"root_cause":[{"type":"es_rejected_execution_exception","reason":"rejected '
    b"execution of coordinating operation [coordinating_and_primary_bytes=0, replica_bytes=0, "
    b'all_bytes=0, coordinating_operation_bytes=685, max_coordinating_bytes=100]"}],"type":'
    b'"es_rejected_execution_exception","reason":"rejected execution of coordinating operation '
    b"[coordinating_and_primary_bytes=0, replica_bytes=0, all_bytes=0, "
    b'coordinating_operation_bytes=685, max_coordinating_bytes=100]"},"status":429}',
    503: b'{"error":{"root_cause":[{"type":"cluster_block_exception","reason":"blocked by: '
    b'[SERVICE_UNAVAILABLE/1/state not recovered / initialized];"}],"type":'
    b'"cluster_block_exception","reason":"blocked by: '
    b'[SERVICE_UNAVAILABLE/1/state not recovered / initialized];"},"status":503}',
}


@pytest.fixture(scope="module")
def small_node(
    elasticsearch_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ElasticsearchNode]:
    """It writes to one index at a time, lets one request wait, and lifts no block itself."""
    own = {
        "thread_pool.write.size": "1",
        "thread_pool.write.queue_size": "1",
        # When it looks at the disk it finds room.
        "cluster.info.update.interval": "24h",
    }
    node = ElasticsearchNode(tmp_path_factory.mktemp("node"), own)
    try:
        node.start()
        yield node
    finally:
        node.kill()


@pytest.fixture
def small_bench(
    small_node: ElasticsearchNode, own_valkey: Valkey, settings: Settings, db: None
) -> Bench:
    settings.ES_URL = small_node.url
    return Bench(own_valkey, small_node.url, f"t{uuid4().hex[:12]}-")


def step_for(seconds: float, pipeline: Pipeline) -> None:
    ends = time.monotonic() + seconds
    step_until(lambda: time.monotonic() > ends, pipeline, seconds=seconds * 2)


def is_up(node: ElasticsearchNode) -> bool:
    """Its indices can be written to."""
    health = f"{node.url}/_cluster/health?wait_for_status=yellow&timeout=0s"
    try:
        return httpx.get(health, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def documents(bench: Bench) -> int:
    """In all three indices."""
    return sum(len(bench.ids_in(alias)) for alias in INDICES)


def set_block(bench: Bench, name: str, value: str | None) -> None:
    """On the index of whole entries only."""
    url = f"{bench.es_url}/{bench.prefix}ml-api-logs-*/_settings"
    httpx.put(url, json={f"index.blocks.{name}": value}, timeout=30).raise_for_status()


def test_f6_the_first_document_is_there_soon_after_elasticsearch(
    bench: Bench, settings: Settings
) -> None:
    given = predictions(60)
    with TcpProxy(target_of(bench.es_url)) as proxy:
        settings.ES_URL = proxy.http_url
        bench.add(given[:10])
        bench.drain()
        proxy.refuse()
        bench.add(given[10:])
        with bench.pipeline() as pipeline:
            step_for(AWAY_S, pipeline)
            proxy.accept()
            up = time.monotonic()
            step_until(lambda: pipeline.counts["indexed"] > 0, pipeline)
            assert time.monotonic() - up < FIRST_DOCUMENT_WITHIN_S
            step_until(bench.at_rest, pipeline)
    check_stored(bench, given)


def test_f6_a_node_is_killed_and_starts_again(
    small_bench: Bench, small_node: ElasticsearchNode
) -> None:
    given = predictions(60)
    small_bench.add(given[:10])
    small_bench.drain()
    small_node.kill()
    small_bench.add(given[10:])
    with small_bench.pipeline() as pipeline:
        step_until(lambda: "cannot be reached" in str(pipeline.troubles), pipeline)
        small_node.start(wait=False)
        step_until(lambda: is_up(small_node), pipeline, seconds=90)
        up = time.monotonic()
        step_until(lambda: documents(small_bench) > 30, pipeline)
        assert time.monotonic() - up < FIRST_DOCUMENT_WITHIN_S
        step_until(small_bench.at_rest, pipeline)
    check_stored(small_bench, given)


def test_f7_elasticsearch_goes_away_under_load(world: World) -> None:
    with (
        TcpProxy(target_of(world.es_url)) as proxy,
        world.pipeline("--continuous", "--batch-size", "100", ES_URL=proxy.http_url) as process,
    ):
        with Writer(world) as writer:
            process.until(lambda: world.counters()["read"] > 0)
            proxy.refuse()
            ends = time.monotonic() + AWAY_S
            wait_until(lambda: time.monotonic() > ends, AWAY_S * 2)
            # What is not sent waits in Redis, not in the pipeline's memory.
            assert world.unacknowledged() <= 2 * 100 < world.length()
            proxy.accept()
        process.until(world.at_rest)
        assert process.most_memory < MOST_MEMORY
        assert process.stop() == 0
    check_stored(world, writer.given)


def test_f8_items_that_find_the_queue_full_are_sent_again(
    small_bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    given = predictions(100)
    small_bench.add(given)
    pipeline = small_bench.drain(batch_size=50)
    assert pipeline.counts["retried"] > 0
    assert "429 (es_rejected_execution_exception)" in caplog.text
    assert dead() == []
    check_stored(small_bench, given)


@pytest.mark.parametrize("status", [pytest.param(status, id=f"F9-{status}") for status in REFUSALS])
def test_f9_a_refused_request_is_no_reason_for_a_storm(
    bench: Bench, settings: Settings, status: int
) -> None:
    given = predictions(100)
    bench.add(given)
    refusing = threading.Event()
    refusing.set()
    answer = Answer(status, REFUSALS[status])
    with HttpProxy(
        bench.es_url, lambda request: answer if request.is_bulk and refusing.is_set() else None
    ) as proxy:
        settings.ES_URL = proxy.url
        with bench.pipeline(batch_size=25) as pipeline:
            step_for(REFUSING_S, pipeline)
            assert 1 < len(proxy.bulks) <= MOST_TRIES
            refusing.clear()
            step_until(bench.at_rest, pipeline)
    check_stored(bench, given)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("write", id="F10-write-block"),
        pytest.param("read_only_allow_delete", id="F10-flood-stage"),
    ],
)
def test_f10_what_a_block_holds_up_comes_when_it_is_lifted(
    small_bench: Bench, block: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    given = predictions(60)
    small_bench.add(given[:10])
    small_bench.drain()
    set_block(small_bench, block, "true")
    small_bench.add(given[10:])
    with HttpProxy(small_bench.es_url) as proxy:
        settings.ES_URL = proxy.url
        with small_bench.pipeline() as pipeline:
            step_until(lambda: len(proxy.bulks) >= 3, pipeline)
            assert "(cluster_block_exception)" in caplog.text
            assert (len(small_bench.pending()), dead()) == (50, [])
            set_block(small_bench, block, None)
            step_until(small_bench.at_rest, pipeline)
    check_stored(small_bench, given)
