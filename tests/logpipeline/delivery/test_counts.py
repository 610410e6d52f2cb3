"""Totals and their parts."""

from collections import Counter

from logpipeline.delivery.counts import TOTALS, Counts
from logpipeline.models import PipelineRun


def test_parts_add_up_to_their_total() -> None:
    counts = Counts()
    counts.add_parts("indexed", Counter({"ml-api-logs": 3, "ml-api-perfs": 2}))
    counts.add_parts("indexed", Counter({"ml-api-logs": 1}))
    assert counts["indexed"] == 6
    assert counts.parts("indexed") == {"ml-api-logs": 4, "ml-api-perfs": 2}


def test_a_total_without_parts_has_none() -> None:
    assert Counts(read=7).parts("read") == {}


def test_a_part_may_have_any_name() -> None:
    counts = Counts()
    counts.add_parts("filtered", Counter({"drop: filtered:all": 1}))
    assert counts.parts("filtered") == {"drop: filtered:all": 1}


def test_the_counts_of_a_batch_are_added_to_those_of_the_run() -> None:
    run, batch = Counts(read=1), Counts(read=2)
    batch.add_parts("dead", Counter({"poison": 1}))
    run.update(batch)
    assert run == {"read": 3, "dead": 1, "dead:poison": 1}


def test_every_total_is_a_column_of_the_run() -> None:
    columns = {field.name for field in PipelineRun._meta.get_fields()}
    assert columns.issuperset(TOTALS)
