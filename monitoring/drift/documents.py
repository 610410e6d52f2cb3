"""``ml-api-drift``: a copy of every report's figures, for Kibana. The database has the truth."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from elasticsearch_dsl import Boolean, Date, Document, Float, Integer, Keyword, MetaField

from logpipeline.documents.fields import mapping_of, strict
from logpipeline.documents.index import Index
from monitoring.models import DriftReport

# Raise it with every change of the Document.
MAPPING_VERSION: Final = 1
# What is told of the report in each of its figures' documents, as it stands in the database.
_OF_REPORT: Final = ("source", "total", "other_model", "model_version", "drifting")
# Of a figure, as it stands in the database.
_OF_FIGURE: Final = (
    "name",
    "group",
    "verdict",
    "drifts_in",
    "rows",
    "test",
    "statistic",
    "p_value",
    "adjusted_p_value",
    "effect",
    "least_effect",
    "psi",
    "missing_p_value",
    "adjusted_missing_p_value",
    "share_out_of_range",
    "bins",
)


class DriftFigureDocument(Document):
    """``rows``: of which the value is known. Shares from 0 to 1; null where nothing was measured.

    ``reference_``: of the training data. ``report_``: of the report that the figure is part of.
    """

    report_rows = Integer()
    report_verdict = Keyword()
    window_start = Date()
    window_end = Date()
    source = Keyword()
    total = Integer()
    other_model = Integer()
    model_version = Keyword()
    drifting = Integer()
    name = Keyword()
    group = Keyword()
    verdict = Keyword()
    is_drift = Boolean()
    drifts_in = Keyword()
    rows = Integer()
    test = Keyword()
    statistic = Float()
    p_value = Float()
    adjusted_p_value = Float()
    effect = Float()
    least_effect = Float()
    psi = Float()
    median = Float()
    reference_median = Float()
    share_missing = Float()
    reference_share_missing = Float()
    missing_p_value = Float()
    adjusted_missing_p_value = Float()
    share_out_of_range = Float()
    bins = strict(low=Float(), high=Float(), current=Float(), reference=Float())

    class Meta:
        dynamic = MetaField("strict")
        mapping = mapping_of({"@timestamp": Date()})


DRIFT_FIGURES: Final = Index("ml-api-drift", DriftFigureDocument, MAPPING_VERSION)


class Identified(NamedTuple):
    """A document and its ``_id``, the same each time it is made."""

    id: str
    source: dict[str, Any]


def documents_of(report: DriftReport) -> Iterator[Identified]:
    """One for each figure."""
    about = {
        "@timestamp": report.created.isoformat(),
        "report_rows": report.rows,
        "report_verdict": report.verdict,
        "window_start": report.window_start.isoformat(),
        "window_end": report.window_end.isoformat(),
        **{name: getattr(report, name) for name in _OF_REPORT},
    }
    for figure in report.figures:
        yield Identified(_id(report, figure["name"]), about | _of_figure(figure))


def _of_figure(figure: dict[str, Any]) -> dict[str, Any]:
    median, reference_median = figure["median"] or (None, None)
    missing, reference_missing = figure["share_missing"]
    return {
        **{name: figure[name] for name in _OF_FIGURE},
        "is_drift": figure["verdict"] == "drift",
        "median": median,
        "reference_median": reference_median,
        "share_missing": missing,
        "reference_share_missing": reference_missing,
    }


def _id(report: DriftReport, name: str) -> str:
    # Not the row's number: another database, beside this one or after it, counts from 1, too.
    window = f"{report.window_start.timestamp():.6f}-{report.window_end.timestamp():.6f}"
    return f"{report.created.timestamp():.6f}-{window}-{name}"
