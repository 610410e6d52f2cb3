"""Asks Elasticsearch a few searches at once; each of its failures is one clear sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from elasticsearch import ApiError, TransportError
from elasticsearch_dsl import MultiSearch, Q, Search
from elasticsearch_dsl.query import Query

from logpipeline.elastic import NotConfiguredError, error_type, get_client, sentence
from monitoring.period import Period, milliseconds
from monitoring.sources.away import SourceAwayError

# A page waits for it.
TIMEOUT_S: Final = 5.0

# Answers of one search, as Elasticsearch gives them.
Answer = dict[str, Any]


def search_of(alias: str, *, size: int = 0) -> Search:
    """All documents of an alias; one that is not there yet has none."""
    search: Search = Search(index=f"{settings.ES_INDEX_PREFIX}{alias}")
    # Figures of some of the shards would be wrong figures.
    search = search.params(ignore_unavailable=True, allow_partial_search_results=False)
    return search.extra(size=size, track_total_hits=True)


def within(period: Period) -> Query:
    """``@timestamp`` in the period, in milliseconds: as exact as Elasticsearch keeps a date."""
    return Q(
        "range",
        **{
            "@timestamp": {
                "gte": milliseconds(period.start),
                "lt": milliseconds(period.end),
                "format": "epoch_millis",
            }
        },
    )


def ask(*searches: Search) -> list[Answer]:
    """In one request; the answers in that order. Raises ``SourceAwayError``."""
    with answering(), get_client(TIMEOUT_S) as client:
        together = MultiSearch(using=client)
        for search in searches:
            together = together.add(search)
        answers = [answer.to_dict() for answer in together.execute()]
        if len(answers) != len(searches):
            raise ValueError("not one answer for each search")
        return answers


@contextmanager
def answering() -> Iterator[None]:
    """Turns what asking, and reading the answer, may raise into ``SourceAwayError``."""
    try:
        yield
    except NotConfiguredError as error:
        raise SourceAwayError(str(error)) from None
    except (ApiError, TransportError) as error:
        raise SourceAwayError(_failed_search(error) or sentence(error)) from None
    except (LookupError, TypeError, ValueError, AttributeError):
        raise SourceAwayError(_("Elasticsearch answers something else than was asked.")) from None


def total_of(answer: Answer) -> int:
    return int(answer["hits"]["total"]["value"])


def buckets_of(answer: Answer, *path: str) -> list[Mapping[str, Any]]:
    """Of an aggregation, below others' names; empty where there was no index to look in."""
    found: Any = answer.get("aggregations")
    if found is None:
        return []
    for name in path:
        found = found[name]
    return list(found["buckets"])


def value_of(aggregation: Mapping[str, Any] | None) -> float | None:
    """Of a metric; None where there was nothing to measure."""
    value = None if aggregation is None else aggregation["value"]
    return None if value is None else float(value)


def _failed_search(error: ApiError | TransportError) -> str:
    """Of several searches one may fail, while the request's status is 200."""
    body: Any = error.body if isinstance(error, ApiError) else None
    if not isinstance(error, ApiError) or error.meta.status != 200 or not isinstance(body, dict):
        return ""
    return _("Elasticsearch answers a search with status %(status)s (%(type)s).") % {
        "status": body.get("status"),
        "type": error_type(error),
    }
