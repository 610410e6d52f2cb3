"""The documents that are written from the code: docs/, .env.example, kibana/, Prometheus.

Import it when Django is set up: the tables of the alerts need its models.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from kibana import assets
from logpipeline.documents import reference
from predictions.risk import feature_docs
from tools.docs import api, configuration, prometheus

GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "docs/configuration.md": configuration.markdown,
    ".env.example": configuration.dotenv_example,
    "docs/api.md": api.markdown,
    "docs/features.md": feature_docs.features_markdown,
    "docs/log-fields.md": reference.markdown,
    "kibana/assets.ndjson": assets.ndjson,
    "monitoring/prometheus/alert_rules.yml": prometheus.alert_rules,
    "monitoring/prometheus/grafana.json": prometheus.grafana,
}


def write(root: Path) -> None:
    for name, text in GENERATED.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8")


def stale(root: Path) -> list[str]:
    """One line for each generated document that differs from what would be written."""
    return [
        f"{name} is not what `make docs` writes"
        for name, text in GENERATED.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text()
    ]
