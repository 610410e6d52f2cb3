import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from predictions.log.redis_transaction import Command, Connections, in_one_transaction
from tests.conftest import Valkey

# The connection's own number at the server.
WHO: list[Command] = [("CLIENT", "ID")]


def connections_to(server: Valkey) -> Connections:
    return Connections(redis.Redis.from_url(server.url, socket_timeout=1, retry=None))


@pytest.fixture
def connections(valkey: Valkey) -> Connections:
    return connections_to(valkey)


def test_it_answers_for_every_command(connections: Connections) -> None:
    commands: list[Command] = [("SET", "key", "one"), ("GET", "key")]
    assert in_one_transaction(connections, commands) == [b"OK", b"one"]


def test_it_gives_a_command_that_failed_as_an_exception(connections: Connections) -> None:
    answers = in_one_transaction(connections, [("SET", "key", "text"), ("LPUSH", "key", 1)])
    assert isinstance(answers[1], redis.ResponseError)


def test_it_runs_nothing_when_one_command_is_refused(
    connections: Connections, valkey: Valkey
) -> None:
    with pytest.raises(redis.ResponseError, match="unknown command"):
        in_one_transaction(connections, [("SET", "key", "one"), ("NONSENSE", "secret")])
    assert valkey.client().get("key") is None


def test_its_refusals_do_not_repeat_the_values(own_valkey: Valkey) -> None:
    full = own_valkey.client()
    full.config_set("maxmemory", 1)
    with pytest.raises(redis.exceptions.OutOfMemoryError) as refused:
        in_one_transaction(Connections(full), [("LPUSH", "key", "SYS_BP=134")])
    assert "SYS_BP" not in str(refused.value)


def test_it_gives_the_reason_of_a_transaction_aborted_without_one(
    connections: Connections,
) -> None:
    with pytest.raises(redis.ResponseError, match="MULTI"):
        in_one_transaction(connections, [("DISCARD",)])


def test_a_late_answer_is_never_taken_for_the_next_ones(own_valkey: Valkey) -> None:
    connections = connections_to(own_valkey)
    in_one_transaction(connections, [("PING",)])
    assert own_valkey.process is not None
    os.kill(own_valkey.process.pid, signal.SIGSTOP)
    with pytest.raises(redis.TimeoutError):
        in_one_transaction(connections, [("SET", "key", "late")])
    os.kill(own_valkey.process.pid, signal.SIGCONT)
    assert in_one_transaction(connections, [("ECHO", "mine")]) == [b"mine"]


def test_it_uses_one_connection_again_and_again(connections: Connections) -> None:
    assert in_one_transaction(connections, WHO) == in_one_transaction(connections, WHO)


def test_a_connection_that_redis_has_closed_costs_no_transaction(own_valkey: Valkey) -> None:
    connections = connections_to(own_valkey)
    (identity,) = in_one_transaction(connections, WHO)
    own_valkey.client().client_kill_filter(_id=str(identity))
    assert in_one_transaction(connections, [("ECHO", "mine")]) == [b"mine"]


def test_a_refusal_leaves_the_connections_in_order(connections: Connections) -> None:
    with pytest.raises(redis.ResponseError):
        in_one_transaction(connections, [("NONSENSE",)])
    assert in_one_transaction(connections, [("ECHO", "mine")]) == [b"mine"]


def test_threads_never_share_a_connection(connections: Connections) -> None:
    def ask(number: int) -> bool:
        said = str(number).encode()
        return in_one_transaction(connections, [("ECHO", said)]) == [said]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(2000)))


def test_a_forked_process_takes_a_connection_of_its_own(connections: Connections) -> None:
    parents = in_one_transaction(connections, WHO)
    child = os.fork()
    if child == 0:
        shared = True
        try:
            shared = in_one_transaction(connections, WHO) == parents
        finally:
            os._exit(shared)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert in_one_transaction(connections, WHO) == parents
