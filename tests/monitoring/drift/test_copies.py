"""Copies in the real Elasticsearch."""

from datetime import timedelta

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from logpipeline.documents.indices import setup
from monitoring.drift.copies import NotCopiedError, copy
from monitoring.drift.documents import DRIFT_FIGURES, documents_of
from monitoring.models import DriftReport
from tests.monitoring.drift.people import NOW, drawn, saved_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> DriftReport:
    return saved_report(drawn(120, np.random.default_rng(12)))


def stored(client: Elasticsearch, prefix: str) -> int:
    client.indices.refresh(index=f"{prefix}ml-api-drift*")
    return int(client.count(index=f"{prefix}ml-api-drift*")["count"])


def test_every_figure_is_stored_under_its_own_day(
    report: DriftReport, elastic: Elasticsearch, index_prefix: str
) -> None:
    assert copy(NOW) == 1
    names = {document.id for document in documents_of(report)}
    elastic.indices.refresh(index=f"{index_prefix}ml-api-drift-2026.11.25")
    hits = elastic.search(index=f"{index_prefix}ml-api-drift-2026.11.25", size=100)["hits"]["hits"]
    assert {hit["_id"] for hit in hits} == names


def test_it_is_noted_and_not_copied_again(
    report: DriftReport, elastic: Elasticsearch, index_prefix: str
) -> None:
    copy(NOW)
    report.refresh_from_db()
    assert report.copied == NOW
    assert copy(NOW) == 0


def test_a_try_whose_answer_was_lost_leaves_nothing_twice(
    report: DriftReport, elastic: Elasticsearch, index_prefix: str
) -> None:
    setup(elastic, index_prefix, 90, [DRIFT_FIGURES])
    (first, *_) = documents_of(report)
    name = f"{index_prefix}ml-api-drift-2026.11.25"
    elastic.create(index=name, id=first.id, document=first.source)
    assert copy(NOW) == 1
    assert stored(elastic, index_prefix) == len(report.figures)


def test_the_next_one_brings_along_what_could_not_be_copied(
    report: DriftReport, elastic: Elasticsearch, index_prefix: str, settings: Settings
) -> None:
    there, settings.ES_URL = settings.ES_URL, "http://127.0.0.1:1"
    with pytest.raises(NotCopiedError, match="cannot be reached"):
        copy(NOW)
    settings.ES_URL = there
    saved_report(drawn(120, np.random.default_rng(13)), NOW + timedelta(hours=1))
    assert copy(NOW + timedelta(hours=1)) == 2
    assert stored(elastic, index_prefix) == 2 * len(report.figures)


def test_a_report_that_would_be_deleted_at_once_is_not_copied(
    report: DriftReport, elastic: Elasticsearch, settings: Settings
) -> None:
    settings.ES_RETENTION_DAYS = 90
    assert copy(NOW + timedelta(days=91)) == 0


def test_a_refused_figure_is_said_and_tried_again(
    report: DriftReport, elastic: Elasticsearch, index_prefix: str
) -> None:
    report.figures[3]["effect"] = "great"
    report.save()
    with pytest.raises(NotCopiedError, match=r"refuses a figure of drift \(400, document_parsing"):
        copy(NOW)
    report.refresh_from_db()
    assert report.copied is None


def test_without_an_elasticsearch_it_says_so(report: DriftReport, settings: Settings) -> None:
    settings.ES_URL = ""
    with pytest.raises(NotCopiedError, match="No Elasticsearch is named"):
        copy(NOW)
