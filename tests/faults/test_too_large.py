"""F16: requests that are too large for Elasticsearch are halved, down to the one that is."""

import orjson
import pytest
from pytest_django import Settings

from logpipeline.models import DeadLetter
from tests.conftest import Valkey
from tests.elasticsearch import ElasticsearchNode
from tests.faults.pipeline import check_stored, ids, predictions
from tests.logpipeline.pipelines import Bench

SMALL = {"http.max_content_length": "20kb"}


@pytest.mark.parametrize("own_elasticsearch", [SMALL], indirect=True)
def test_f16_a_request_too_large_is_halved_and_a_document_too_large_is_dead(
    own_elasticsearch: ElasticsearchNode, own_valkey: Valkey, settings: Settings, db: None
) -> None:
    settings.ES_URL = own_elasticsearch.url
    bench = Bench(own_valkey, own_elasticsearch.url, "small-")
    given = predictions(1000)
    large = orjson.loads(predictions(1)[0])
    large["message"] = "x" * 20_000
    given.insert(300, orjson.dumps(large))
    bench.add(given)
    bench.drain()
    # Its other documents are as small as everybody's.
    check_stored(bench, given, dead={"ml-api-logs": ids([given[300]])})
    assert DeadLetter.objects.get().reason == "too_large"
