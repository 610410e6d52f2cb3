"""What Redis' refusals mean for the pipeline."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import redis
from django.conf import settings

from logpipeline.sources.source import CredentialsError, NoGroupError, UnavailableError

# In a transaction redis-py puts the command before Redis' own words.
_GONE: Final = re.compile(r"(?:^|caused error: )(?:NOGROUP|no such key|UNBLOCKED)")


@contextmanager
def answering() -> Iterator[None]:
    """Turns redis-py's errors into the pipeline's. Texts of refusals may hold what was sent."""
    try:
        yield
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
        raise CredentialsError("Redis refuses the credentials of REDIS_URL.") from None
    except redis.OutOfMemoryError:
        raise UnavailableError("Redis is full (maxmemory).") from None
    except redis.ResponseError as error:
        if _GONE.search(str(error)):
            raise NoGroupError from None
        raise UnavailableError(f"Redis refuses a command ({type(error).__name__}).") from None
    except redis.TimeoutError:
        raise UnavailableError(f"Redis at {_address()} did not answer in time.") from None
    except (redis.RedisError, OSError) as error:
        raise UnavailableError(
            f"Redis at {_address()} cannot be reached ({type(error).__name__})."
        ) from None


def _address() -> str:
    """Without the password."""
    parts = urlsplit(settings.REDIS_URL)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
