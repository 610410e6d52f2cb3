import os
import signal

import pytest
import redis

from predictions.log.redis_transaction import in_one_transaction
from tests.conftest import Valkey


@pytest.fixture
def client(valkey: Valkey) -> redis.Redis:
    return redis.Redis.from_url(valkey.url, socket_timeout=1, retry=None)


def test_it_answers_for_every_command(client: redis.Redis) -> None:
    assert in_one_transaction(client, [("SET", "key", "one"), ("GET", "key")]) == [b"OK", b"one"]


def test_it_gives_a_command_that_failed_as_an_exception(client: redis.Redis) -> None:
    answers = in_one_transaction(client, [("SET", "key", "text"), ("LPUSH", "key", 1)])
    assert isinstance(answers[1], redis.ResponseError)


def test_it_runs_nothing_when_one_command_is_refused(client: redis.Redis) -> None:
    with pytest.raises(redis.ResponseError, match="unknown command"):
        in_one_transaction(client, [("SET", "key", "one"), ("NONSENSE", "secret")])
    assert client.get("key") is None


def test_its_refusals_do_not_repeat_the_values(own_valkey: Valkey) -> None:
    full = own_valkey.client()
    full.config_set("maxmemory", 1)
    with pytest.raises(redis.exceptions.OutOfMemoryError) as refused:
        in_one_transaction(full, [("LPUSH", "key", "SYS_BP=134")])
    assert "SYS_BP" not in str(refused.value)


def test_it_gives_the_reason_of_a_transaction_aborted_without_one(client: redis.Redis) -> None:
    with pytest.raises(redis.ResponseError, match="MULTI"):
        in_one_transaction(client, [("DISCARD",)])


def test_a_late_answer_is_never_taken_for_the_next_ones(own_valkey: Valkey) -> None:
    client = redis.Redis.from_url(own_valkey.url, socket_timeout=1, retry=None)
    client.ping()
    assert own_valkey.process is not None
    os.kill(own_valkey.process.pid, signal.SIGSTOP)
    with pytest.raises(redis.TimeoutError):
        in_one_transaction(client, [("SET", "key", "late")])
    os.kill(own_valkey.process.pid, signal.SIGCONT)
    assert in_one_transaction(client, [("ECHO", "mine")]) == [b"mine"]
