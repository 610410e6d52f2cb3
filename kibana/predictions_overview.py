"""The dashboard *Predictions overview*: who is scored, what is answered, how quickly."""

from typing import Final

from kibana.dashboards import Dashboard
from kibana.data_views import LOGS, MESSAGE, PERFS, SINGLE
from kibana.inputs import bands_of_inputs
from kibana.lens.charts import XY, HeatMap, Number, Pie, Table
from kibana.lens.colors import NO, P50, P95, P99, YES
from kibana.lens.columns import (
    Order,
    average,
    bands,
    count,
    over_time,
    percentile,
    share,
    values_of,
)
from kibana.panels import LensPanel

_WHOLE: Final = LensPanel(
    title="Predictions",
    at=(0, 0, 12, 6),
    reads=MESSAGE,
    chart=Number(value=count("Predictions"), subtitle="single requests and rows of batches"),
)
_SHARE_OF_YES: Final = LensPanel(
    title="Share of YES",
    at=(12, 0, 12, 6),
    reads=MESSAGE,
    chart=Number(value=share("Share of YES", "result.prediction"), subtitle="of all predictions"),
)
_MEAN_RESPONSE: Final = LensPanel(
    title="Mean response time",
    at=(24, 0, 12, 6),
    reads=PERFS,
    kql=SINGLE,
    chart=Number(value=average("Mean response time, ms", "latency_ms"), subtitle="without batches"),
)
_REFUSED: Final = LensPanel(
    title="Requests refused",
    at=(36, 0, 12, 6),
    reads=LOGS,
    kql="data.status >= 400 and data.status < 500",
    chart=Number(value=count("Requests refused"), subtitle="answered with a status of 4xx"),
)
_AN_HOUR: Final = LensPanel(
    title="Predictions an hour",
    at=(0, 6, 32, 12),
    reads=MESSAGE,
    chart=XY(x=over_time("1h"), y=[count("Predictions")], series="bar", colors=[P50]),
)
_YES_AND_NO: Final = LensPanel(
    title="YES and NO",
    at=(32, 6, 16, 12),
    reads=MESSAGE,
    chart=Pie(
        by=values_of("Result", "result.result", size=2),
        size=count("Predictions"),
        colors={"YES": YES, "NO": NO},
    ),
)
_RESPONSE: Final = LensPanel(
    title="Response time p50, p95, p99",
    at=(0, 18, 24, 12),
    reads=PERFS,
    kql=SINGLE,
    chart=XY(
        x=over_time(),
        y=[percentile(f"p{percent}, ms", "latency_ms", percent) for percent in (50, 95, 99)],
        colors=[P50, P95, P99],
    ),
)
_WEEK: Final = LensPanel(
    title="Predictions by weekday and hour, UTC",
    at=(24, 18, 24, 12),
    reads=MESSAGE,
    chart=HeatMap(
        x=values_of("Hour", "hour_of_day", size=24, order=Order.ALPHABET),
        y=values_of("Weekday", "weekday", size=7, order=Order.ALPHABET),
        value=count("Predictions"),
    ),
)


def predictions_overview() -> Dashboard:
    """Not made at import: the labels of the inputs are translated texts, which need the apps."""
    return Dashboard(
        title="Predictions overview",
        description="Who is scored, what is answered, and how quickly.",
        shows="now-7d",
        panels=[
            _WHOLE,
            _SHARE_OF_YES,
            _MEAN_RESPONSE,
            _REFUSED,
            _AN_HOUR,
            _YES_AND_NO,
            _RESPONSE,
            _WEEK,
            *_inputs(),
        ],
    )


def _inputs() -> list[LensPanel]:
    """The share of YES of each band as a bar, and beside it of how many it is."""
    by_band = bands("Band of an input", bands_of_inputs())
    yes = share("Share of YES", "result.prediction")
    bars = LensPanel(
        title="Top 10 features: share of YES by band",
        at=(0, 30, 24, 30),
        reads=MESSAGE,
        chart=XY(x=by_band, y=[yes], series="bar_horizontal", colors=[YES]),
    )
    table = LensPanel(
        title="Top 10 features: how many in each band",
        at=(24, 30, 24, 30),
        reads=MESSAGE,
        chart=Table(rows=by_band, measures=[count("Predictions"), yes]),
    )
    return [bars, table]
