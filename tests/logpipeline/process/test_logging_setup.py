"""How the pipeline's process logs: lines of text, or JSON objects that Kibana understands."""

import gc
import io
import logging
import warnings
from collections.abc import Iterator

import orjson
import pytest
from elasticsearch import ElasticsearchWarning

from logpipeline.process.logging_setup import log_as
from tests.logpipeline.restored import as_before

LOGGER = logging.getLogger("logpipeline.delivery.trouble")


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    with as_before():
        yield


def test_text_is_a_line_with_time_level_and_logger(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("text")
    LOGGER.warning("Elasticsearch is %s.", "away")
    time, said = capsys.readouterr().err.split(" WARNING ")
    assert said == "logpipeline.delivery.trouble: Elasticsearch is away.\n"
    assert time[10] == " "


def test_json_is_an_object_a_line_with_the_names_of_the_common_schema(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_as("json")
    LOGGER.warning("Elasticsearch is %s.", "away")
    LOGGER.error("two\nlines")
    first, second = (orjson.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["log.level"], first["message"]) == ("warning", "Elasticsearch is away.")
    assert {"@timestamp", "ecs.version"} <= first.keys()
    assert (second["log.level"], second["message"]) == ("error", "two\nlines")


def test_a_traceback_is_part_of_the_object(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("json")
    try:
        raise KeyError
    except KeyError:
        LOGGER.exception("It failed.")
    (line,) = capsys.readouterr().err.splitlines()
    assert orjson.loads(line)["error"]["type"] == "KeyError"


def test_a_warning_of_python_is_an_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("json")
    warnings.simplefilter("always")
    warnings.warn("old", RuntimeWarning, stacklevel=1)
    (line,) = capsys.readouterr().err.splitlines()
    assert "RuntimeWarning: old" in orjson.loads(line)["message"]


def test_what_elasticsearch_warns_of_in_each_answer_is_no_news(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_as("text")
    warnings.warn("security is off", ElasticsearchWarning, stacklevel=1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["elastic_transport.transport", "httpx", "httpcore.http11"])
def test_the_clients_do_not_chatter(capsys: pytest.CaptureFixture[str], name: str) -> None:
    log_as("text")
    logging.getLogger(name).info("POST /_bulk [status:200 duration:0.010s]")
    logging.getLogger(name).warning("Node has failed for 1 times in a row")
    assert capsys.readouterr().err == ""


def test_it_writes_once_however_often_it_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("json")
    log_as("text")
    LOGGER.warning("once")
    assert capsys.readouterr().err.count("once") == 1


def test_what_stands_in_for_stderr_later_has_the_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log_as("text")
    later = io.StringIO()
    monkeypatch.setattr("sys.stderr", later)
    LOGGER.warning("later")
    assert ("later" in later.getvalue(), capsys.readouterr().err) == (True, "")


def test_the_tests_own_process_is_left_as_it_was() -> None:
    handlers, threshold = list(logging.getLogger().handlers), gc.get_threshold()
    with as_before():
        log_as("json")
    assert (list(logging.getLogger().handlers), gc.get_threshold()) == (handlers, threshold)
