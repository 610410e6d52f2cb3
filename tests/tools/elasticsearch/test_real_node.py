"""A real node, as the other tests start it."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.elasticsearch import ElasticsearchNode


def add(url: str, index: str, document: dict[str, object]) -> None:
    address = f"{url}/{index}/_doc?refresh=true"
    httpx.post(address, json=document, timeout=30).raise_for_status()


def count(url: str, index: str) -> int:
    return int(httpx.get(f"{url}/{index}/_count", timeout=30).raise_for_status().json()["count"])


def test_it_finds_a_document_that_was_added(elasticsearch_url: str) -> None:
    add(elasticsearch_url, "test-real-node", {"message": "predicted a low risk"})
    query = {"query": {"match": {"message": "risk"}}}
    answer = httpx.post(f"{elasticsearch_url}/test-real-node/_search", json=query, timeout=30)
    assert answer.json()["hits"]["total"]["value"] == 1
    httpx.delete(f"{elasticsearch_url}/test-real-node", timeout=30)


def test_its_data_outlive_a_restart(own_elasticsearch: ElasticsearchNode) -> None:
    add(own_elasticsearch.url, "kept", {"message": "first"})
    assert own_elasticsearch.stop() == 0
    own_elasticsearch.start()
    assert count(own_elasticsearch.url, "kept") == 1


def test_a_paused_node_answers_when_it_goes_on(own_elasticsearch: ElasticsearchNode) -> None:
    own_elasticsearch.pause()
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{own_elasticsearch.url}/_cluster/health", timeout=0.5)
    own_elasticsearch.resume()
    assert httpx.get(f"{own_elasticsearch.url}/_cluster/health", timeout=30).status_code == 200


@pytest.mark.parametrize(
    "own_elasticsearch", [{"thread_pool.write.queue_size": "1"}], indirect=True
)
def test_it_takes_settings_of_its_own(own_elasticsearch: ElasticsearchNode) -> None:
    pools = httpx.get(f"{own_elasticsearch.url}/_nodes/thread_pool", timeout=30).json()["nodes"]
    assert [pool["thread_pool"]["write"]["queue_size"] for pool in pools.values()] == [1]


def test_it_ends_with_its_owner(elasticsearch_home: Path, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as owner:
        node = ElasticsearchNode(tmp_path, owner=owner.pid)
        node.start()
        owner.kill()
    assert node.process is not None
    assert node.process.wait(30) == 0


def test_it_says_why_it_did_not_start(elasticsearch_home: Path, tmp_path: Path) -> None:
    node = ElasticsearchNode(tmp_path, {"no.such.setting": "1"})
    with pytest.raises(RuntimeError, match="unknown setting"):
        node.start()
