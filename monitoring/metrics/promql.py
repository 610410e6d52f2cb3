"""PromQL that the rules and the dashboard share."""

from typing import Final

from monitoring.metrics.labels import path_of_route
from predictions.middleware import LOGGED_PATHS

# Several sites may report to one Prometheus: each is judged by itself.
SITE: Final = "job, instance"
_BATCHES: Final = "/predict_batch"
# What is a transaction; the form's page and its POST share a path.
TRANSACTION_PATHS: Final = tuple(sorted(LOGGED_PATHS | {path_of_route("")}))


def paths(*, without_batches: bool = False) -> str:
    """A matcher. The paths hold nothing that a regular expression would take for more."""
    chosen = [path for path in TRANSACTION_PATHS if not (without_batches and path == _BATCHES)]
    return f'path=~"{"|".join(chosen)}"'


def total(metric: str, window: str, matchers: str = "", by: str = SITE) -> str:
    """What a counter grew a second, summed over the other labels."""
    selector = f"{{{matchers}}}" if matchers else ""
    return f"sum by ({by}) (rate({metric}{selector}[{window}]))"


def mean(histogram: str, window: str, matchers: str, by: str = SITE) -> str:
    """Of all that was observed in the window."""
    above = total(f"{histogram}_sum", window, matchers, by)
    return f"{above} / {total(f'{histogram}_count', window, matchers, by)}"


def quantile(share: float, histogram: str, window: str, matchers: str, by: str) -> str:
    """Interpolated in a bucket of the histogram."""
    buckets = total(f"{histogram}_bucket", window, matchers, f"{by}, le")
    return f"histogram_quantile({share:g}, {buckets})"
