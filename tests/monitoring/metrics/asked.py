"""Which metrics and labels PromQL asks for, read as far as ours goes."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from prometheus_client.parser import text_string_to_metric_families

# Prometheus adds these two to each sample.
_ADDED: Final = {"job", "instance"}
_SELECTOR: Final = re.compile(r"\b(heartrisk_\w+)(?:\{([^}]*)\})?")
_MATCHER: Final = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"')
_GROUPING: Final = re.compile(r"\bby \(([^)]*)\)")
_LEGEND: Final = re.compile(r"\{\{(\w+)\}\}")

Labels = dict[str, set[str]]


def asked(expressions: Iterable[tuple[str, str]]) -> Labels:
    """By metric: the labels that are matched, grouped by or shown in the legend.

    ``expressions``: PromQL and the legend of its curves.
    """
    found: Labels = defaultdict(set)
    for expression, legend in expressions:
        named = [name for names in _GROUPING.findall(expression) for name in names.split(", ")]
        for metric, matchers in _SELECTOR.findall(expression):
            found[metric] |= {*_MATCHER.findall(matchers), *named, *_LEGEND.findall(legend)}
    return found


def unknown(wanted: Labels, scraped: str) -> list[str]:
    """What is asked for and is not on /metrics."""
    known: Labels = defaultdict(set)
    for family in text_string_to_metric_families(scraped):
        for sample in family.samples:
            known[sample.name] |= {*sample.labels, *_ADDED}
    return sorted(
        f"{metric}{{{label}}}"
        for metric, labels in wanted.items()
        for label in labels or {""}
        if label not in known[metric]
    )


def of_dashboard(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (target["expr"], target["legendFormat"])
        for panel in document["panels"]
        for target in panel.get("targets", [])
    ]


def of_rules(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Of the recording rules, which the alerting rules are made on."""
    return [
        (rule["expr"], "")
        for group in document["groups"]
        for rule in group["rules"]
        if "record" in rule
    ]
