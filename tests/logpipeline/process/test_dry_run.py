"""A dry run says what would go where, and touches nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from logpipeline.delivery.counts import Counts
from logpipeline.process.assembly import redis_source, rules_of_settings
from logpipeline.process.dry_run import dry_run
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.losses import Losses
from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey
from tests.faults.pipeline import predictions
from tests.logpipeline.rules.samples import EVERYTHING, drop, repair
from tests.predictions.logs import batch_of, line


@pytest.fixture
def stream(valkey: Valkey) -> Valkey:
    """Two predictions, a batch of three rows, and something that nobody can read."""
    client = valkey.client()
    for content in [*predictions(2), *batch_of(1), b"{"]:
        client.xadd(STREAM_KEY, {STREAM_FIELD: content})
    client.close()
    return valkey


def run(rules: Any = None) -> Counts:
    source = redis_source("nobody", Losses(), 1000)
    return dry_run(source.waiting(), compile_rules(rules) if rules else rules_of_settings(), "p-")


def state_of(valkey: Valkey) -> dict[str, Any]:
    """All that Redis holds, the stream's groups and consumers, too."""
    client = valkey.client()
    client.xgroup_create(STREAM_KEY, "somebody", "0")
    found: dict[str, Any] = {key.decode(): client.dump(key) for key in _keys(client)}
    full: Any = client.xinfo_stream(STREAM_KEY, full=True)
    client.xgroup_destroy(STREAM_KEY, "somebody")
    client.close()
    return {**found, "full": full}


def _keys(client: Any) -> Iterator[bytes]:
    yield from sorted(client.scan_iter())


@pytest.mark.usefixtures("stream")
def test_it_counts_what_would_go_where() -> None:
    assert run() == {
        "read": 5,
        "transactions": 6,
        "indexed": 10,
        "indexed:p-ml-api-logs-2026.11.23": 6,
        "indexed:p-ml-api-message-2026.11.23": 2,
        "indexed:p-ml-api-perfs-2026.11.23": 2,
        "filtered": 0,
        "dead": 1,
        "dead:not_json": 1,
        "rule_errors": 0,
    }


@pytest.mark.usefixtures("stream")
def test_it_counts_what_rules_drop_and_which_raise() -> None:
    def fail(entry: object) -> None:
        raise ValueError

    rules = [repair(fail), drop("predictions", {"path": "^/predict$"}), EVERYTHING]
    counts = run(rules)
    assert counts.parts("filtered") == {"predictions": 2}
    assert counts.parts("rule_errors") == {"repair": 6}


@pytest.mark.usefixtures("valkey")
def test_there_may_be_no_stream_yet() -> None:
    assert run().total() == 0


def test_a_long_stream_is_read_to_its_end(valkey: Valkey) -> None:
    client = valkey.client()
    pipe = client.pipeline()
    for _ in range(600):
        pipe.xadd(STREAM_KEY, {STREAM_FIELD: line()})
    pipe.execute()
    assert run()["read"] == 600


def test_it_touches_nothing_in_redis(stream: Valkey) -> None:
    before = state_of(stream)
    run()
    assert state_of(stream) == before


def test_it_touches_nothing_in_elasticsearch(
    stream: Valkey, elastic: Elasticsearch, index_prefix: str
) -> None:
    run()
    assert elastic.indices.get(index=f"{index_prefix}*").body == {}
    templates = elastic.options(ignore_status=404).indices.get_index_template(
        name=f"{index_prefix}*"
    )
    assert templates.body.get("index_templates", []) == []
