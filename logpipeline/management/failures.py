"""What may go wrong with Elasticsearch, as one clear line of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from elasticsearch import ApiError, TransportError

from logpipeline.documents.indices import SetupError
from logpipeline.elastic import NotConfiguredError, sentence


@contextmanager
def said_in_one_line() -> Iterator[None]:
    """A failure inside ends the command with exit code 1 and a sentence."""
    try:
        yield
    except (NotConfiguredError, SetupError) as error:
        raise CommandError(str(error)) from None
    except (ApiError, TransportError) as error:
        raise CommandError(sentence(error)) from None
