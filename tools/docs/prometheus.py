"""The Prometheus rules file and the Grafana dashboard, from the tables of the alerts and panels."""

import json
from typing import Final

import yaml

from monitoring.metrics import dashboard, rules

_HEAD: Final = """\
# Written by `make docs` from monitoring/alerts/definitions.py. Check it with
#   promtool check rules monitoring/prometheus/alert_rules.yml
# Prometheus reads it by rule_files, and the site by
#   scrape_configs:
#     - job_name: heartrisk
#       # Of a member of staff: manage.py drf_create_token NAME. Not needed with PUBLIC_METRICS.
#       authorization: {credentials: TOKEN}
#       static_configs: [{targets: ["localhost:8000"]}]
"""


def alert_rules() -> str:
    """YAML."""
    return _HEAD + yaml.safe_dump(rules.rules(), sort_keys=False, width=100)


def grafana() -> str:
    """JSON, for Dashboards, New, Import."""
    return json.dumps(dashboard.dashboard(), indent=2) + "\n"
