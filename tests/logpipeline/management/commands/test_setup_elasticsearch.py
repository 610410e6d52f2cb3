"""`manage.py setup_elasticsearch`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from elasticsearch import Elasticsearch
from pytest_django.fixtures import Settings

from logpipeline.documents.index import OF_OTHER_APPS
from logpipeline.documents.mappings import INDICES
from logpipeline.documents.retention import has_ilm
from tools.run.address import free_port


def run() -> list[str]:
    output = StringIO()
    call_command("setup_elasticsearch", stdout=output)
    return output.getvalue().splitlines()


def test_it_says_what_it_did(elastic: Elasticsearch, index_prefix: str) -> None:
    said = " ".join(run())
    aliases = [*INDICES, *OF_OTHER_APPS]
    assert all(f"Template {index_prefix}{alias}:" in said for alias in aliases)
    found = elastic.indices.get_index_template(name=f"{index_prefix}*")["index_templates"]
    assert len(found) == len(aliases)


@pytest.mark.usefixtures("elastic")
def test_it_says_that_there_was_nothing_to_do() -> None:
    run()
    assert run()[0] == "Everything was up to date."


def test_it_says_who_deletes_old_indices(elastic: Elasticsearch, settings: Settings) -> None:
    settings.ES_RETENTION_DAYS = 30
    told = "prune_logs --keep 30d` daily." in run()[-1]
    assert told != has_ilm(elastic)


def test_an_index_in_the_way_is_one_clear_line(elastic: Elasticsearch, index_prefix: str) -> None:
    elastic.indices.create(index=f"{index_prefix}ml-api-logs")
    with pytest.raises(CommandError, match=f"an index named {index_prefix}ml-api-logs, so"):
        run()


def test_a_prefix_that_elasticsearch_refuses_is_one_clear_line(
    elasticsearch_url: str, settings: Settings
) -> None:
    settings.ES_URL = elasticsearch_url
    settings.ES_INDEX_PREFIX = "Upper-"
    with pytest.raises(CommandError, match=r"answers 400 \(.+\)\.$"):
        run()


def test_a_server_that_is_away_is_one_clear_line(settings: Settings) -> None:
    settings.ES_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CommandError, match="cannot be reached"):
        run()


def test_no_server_at_all_is_one_clear_line(settings: Settings) -> None:
    settings.ES_URL = ""
    with pytest.raises(CommandError, match="set ES_URL or ES_HOST"):
        run()
