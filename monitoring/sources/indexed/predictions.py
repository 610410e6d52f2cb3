"""A random sample of the predictions in Elasticsearch."""

from collections.abc import Mapping
from typing import Any, Final

from elasticsearch_dsl import Q

from monitoring.period import Period
from monitoring.sources.indexed.asking import answering, ask, search_of, total_of, within

_NEEDED: Final = ["input_data", "result.probability", "model_version"]


def predictions_of_indices(
    period: Period, most: int, seed: int
) -> tuple[int, list[Mapping[str, Any]]]:
    """How many there are, and the documents of ``most`` of them at random, or of all.

    Raises ``SourceAwayError``.
    """
    answered = Q("bool", filter=[within(period), Q("exists", field="result.probability")])
    # By the sequence number, which every document has and which is kept by column, and by the
    # index's name, which Elasticsearch mixes in: https://www.elastic.co/guide/en/elasticsearch/
    # reference/8.18/query-dsl-function-score-query.html#function-random
    at_random = Q(
        "function_score",
        query=answered,
        random_score={"seed": seed, "field": "_seq_no"},
        boost_mode="replace",
    )
    (answer,) = ask(search_of("ml-api-message", size=most).query(at_random).source(_NEEDED))
    with answering():
        return total_of(answer), [hit["_source"] for hit in answer["hits"]["hits"]]
