"""The soak in small; the whole is `make soak`."""

from pathlib import Path

from tests.conftest import Valkey
from tests.elasticsearch import ElasticsearchNode
from tests.faults.pipeline import World
from tests.faults.soak.soak import Plan, Soak


def test_the_counts_agree_when_everything_restarts_under_load(
    own_valkey: Valkey, own_elasticsearch: ElasticsearchNode, tmp_path: Path
) -> None:
    world = World(tmp_path / "var", own_valkey, own_elasticsearch.url, "soak-")
    report = Soak(world, own_elasticsearch, Plan(3000, restarts=1, kills=2, seconds=10)).run()
    assert report.failures() == []
