"""``ml-api-drift``: strict, of a version, and what is sent is what the Document says."""

import hashlib
from datetime import timedelta
from typing import Any

import numpy as np
import orjson
import pytest
from elasticsearch import BadRequestError, Elasticsearch

from logpipeline.documents.index import OF_OTHER_APPS, indices_of_other_apps
from logpipeline.documents.indices import setup, template
from monitoring.drift.documents import (
    DRIFT_FIGURES,
    MAPPING_VERSION,
    DriftFigureDocument,
    documents_of,
)
from monitoring.models import DriftReport
from tests.logpipeline.site_documents import fields_of, store
from tests.monitoring.drift.people import drawn, older_people, saved_report

# By MAPPING_VERSION. A line is never changed once it was released, only added to.
FINGERPRINTS = {1: "61a0bc4103713897a31d8e23aa1bc099532037d2e6c97b4d52ca09515d0ffe99"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> DriftReport:
    return saved_report(older_people())


def test_a_changed_mapping_has_a_new_version() -> None:
    text = orjson.dumps(template(DRIFT_FIGURES, "", None), option=orjson.OPT_SORT_KEYS)
    assert FINGERPRINTS[MAPPING_VERSION] == hashlib.sha256(text).hexdigest()
    assert max(FINGERPRINTS) == MAPPING_VERSION


def test_it_is_set_up_kept_and_pruned_with_the_logs_own() -> None:
    assert DRIFT_FIGURES in indices_of_other_apps()
    assert DRIFT_FIGURES.alias in OF_OTHER_APPS


def test_there_is_a_document_for_each_figure(report: DriftReport) -> None:
    names = [document.source["name"] for document in documents_of(report)]
    assert names == [figure["name"] for figure in report.figures]
    assert len({document.id for document in documents_of(report)}) == len(names)


def test_a_document_is_what_is_sent(report: DriftReport) -> None:
    for document in documents_of(report):
        read = DriftFigureDocument(**document.source).to_dict(skip_empty=False)
        assert read == document.source


def test_so_it_is_where_there_is_not_enough_data() -> None:
    report = saved_report(drawn(5, np.random.default_rng(5)))
    for document in documents_of(report):
        read = DriftFigureDocument(**document.source).to_dict(skip_empty=False)
        assert read == document.source


def test_a_document_knows_every_field_and_every_field_is_sent(report: DriftReport) -> None:
    known = dict(fields_of(DRIFT_FIGURES.mappings()))
    (first, *_) = documents_of(report)
    sent = {*first.source, *(f"bins.{name}" for name in first.source["bins"][0])}
    assert sent == set(known)


def test_its_identity_is_the_same_each_time_and_another_for_another_report(
    report: DriftReport,
) -> None:
    again = DriftReport.objects.get(pk=report.pk)
    ids = [document.id for document in documents_of(report)]
    assert ids == [document.id for document in documents_of(again)]
    other = saved_report(older_people(), report.created + timedelta(microseconds=1))
    assert not set(ids) & {document.id for document in documents_of(other)}


def test_every_object_is_strict() -> None:
    objects = [field for _, field in fields_of(DRIFT_FIGURES.mappings()) if "properties" in field]
    assert {field["dynamic"] for field in objects} == {"strict"}
    assert DRIFT_FIGURES.mappings()["dynamic"] == "strict"


def test_elasticsearch_takes_each_document(
    report: DriftReport, elastic: Elasticsearch, index_prefix: str
) -> None:
    setup(elastic, index_prefix, 90, [DRIFT_FIGURES])
    documents = [document.source for document in documents_of(report)]
    answers = store(elastic, index_prefix, DRIFT_FIGURES.alias, *documents)
    assert [answer["status"] for answer in answers] == [201] * len(documents)


@pytest.mark.parametrize("path", ["", "bins"])
def test_elasticsearch_refuses_a_key_that_the_document_does_not_know(
    elastic: Elasticsearch, index_prefix: str, path: str
) -> None:
    setup(elastic, index_prefix, 90, [DRIFT_FIGURES])
    document: dict[str, Any] = {"@timestamp": "2026-11-25T12:00:00+00:00"}
    document |= {"bins": {"new": 1}} if path else {"new": 1}
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        elastic.create(index=f"{index_prefix}ml-api-drift-2026.11.25", id="1", document=document)


def test_the_share_of_drift_by_input_is_one_aggregation(
    report: DriftReport, elastic: Elasticsearch, index_prefix: str
) -> None:
    setup(elastic, index_prefix, 90, [DRIFT_FIGURES])
    documents = [document.source for document in documents_of(report)]
    store(elastic, index_prefix, DRIFT_FIGURES.alias, *documents)
    search = DriftFigureDocument.search(using=elastic, index=f"{index_prefix}ml-api-drift")
    search = search.filter("term", is_drift=True)
    search.aggs.bucket("names", "terms", field="name", size=50)
    buckets = search[:0].execute().aggregations.names.buckets
    drifting = {each["name"] for each in report.figures if each["verdict"] == "drift"}
    assert {bucket.key for bucket in buckets} == drifting
