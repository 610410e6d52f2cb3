"""What a real Redis says when it refuses, and what the pipeline makes of it."""

import os
import signal

import pytest
import redis

from logpipeline.sources.redis_errors import answering
from logpipeline.sources.source import CredentialsError, NoGroupError, UnavailableError
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.logpipeline.sources.streams import Stream

SECRET = "a-value-of-somebody"


def test_what_succeeds_is_left_alone(stream: Stream) -> None:
    with answering():
        assert stream.client.ping()


def test_no_password_is_refused_credentials(own_stream: Stream) -> None:
    own_stream.client.config_set("requirepass", "p")
    with pytest.raises(CredentialsError, match="REDIS_URL"), answering():
        own_stream.patient_client().ping()


def test_a_wrong_password_is_refused_credentials(own_stream: Stream) -> None:
    with pytest.raises(CredentialsError), answering():
        own_stream.patient_client("nobody").ping()


def test_a_command_that_is_not_allowed_is_refused_credentials(own_stream: Stream) -> None:
    own_stream.allow("reader", "+@read")
    with pytest.raises(CredentialsError), answering():
        own_stream.patient_client("reader").set("a", "b")


def test_a_stream_that_is_gone_is_known_by_reading(stream: Stream) -> None:
    with pytest.raises(NoGroupError), answering():
        stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"})


def test_a_stream_that_is_gone_is_known_by_asking(stream: Stream) -> None:
    with pytest.raises(NoGroupError), answering():
        stream.client.xinfo_stream(STREAM_KEY)


def test_a_group_that_is_gone_is_known_in_a_transaction(stream: Stream) -> None:
    stream.add_many(1)
    pipe = stream.client.pipeline(transaction=True)
    pipe.xinfo_stream(STREAM_KEY)
    pipe.xreadgroup(GROUP, "a", {STREAM_KEY: ">"})
    with pytest.raises(NoGroupError), answering():
        pipe.execute()


def test_a_full_redis_is_named(own_stream: Stream) -> None:
    own_stream.fill()
    with pytest.raises(UnavailableError, match="full"), answering():
        own_stream.add(SECRET.encode())


def test_a_refusal_does_not_repeat_what_was_sent(stream: Stream) -> None:
    stream.client.set(STREAM_KEY, SECRET)
    with pytest.raises(UnavailableError) as caught, answering():
        stream.client.xadd(STREAM_KEY, {"entry": SECRET})
    assert str(caught.value) == "Redis refuses a command (ResponseError)."
    assert caught.value.__suppress_context__


def test_one_that_does_not_answer_is_named(own_stream: Stream) -> None:
    client = own_stream.patient_client(timeout=0.05)
    client.ping()
    process = own_stream.valkey.process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(UnavailableError, match="did not answer in time"), answering():
        client.ping()


def test_one_that_is_away_is_named(own_stream: Stream) -> None:
    own_stream.valkey.kill()
    with pytest.raises(UnavailableError, match="cannot be reached"), answering():
        own_stream.client.ping()


def test_a_host_that_does_not_resolve_is_named() -> None:
    client = redis.Redis.from_url("redis://no-such-host.invalid", retry=None)
    with pytest.raises(UnavailableError, match="cannot be reached"), answering():
        client.ping()
