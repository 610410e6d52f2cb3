"""promtool, of Debian's package prometheus: the real parser and the real evaluation of rules."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

RULES: Final = Path(__file__).resolve().parents[3] / "monitoring" / "prometheus" / "alert_rules.yml"
PROMTOOL: Final = shutil.which("promtool")
needs_promtool: Final = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool is missing: apt-get install prometheus"
)
SITE: Final = 'job="heartrisk", instance="one:8000"'


def promtool(*arguments: str) -> str:
    """What it prints; an AssertionError with that where it is not content."""
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_rules(document: dict[str, Any], folder: Path) -> str:
    """Parses every expression."""
    path = folder / "rules.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return promtool("check", "rules", str(path))


def series(name: str, values: Sequence[float], **labels: str) -> dict[str, str]:
    """One value a minute."""
    selector = ", ".join([SITE, *(f'{label}="{given}"' for label, given in labels.items())])
    numbers = " ".join(f"{value:g}" for value in values)
    return {"series": f"{name}{{{selector}}}", "values": numbers}


def grown(a_minute: Sequence[float]) -> list[float]:
    """A counter that grew by so much in each minute."""
    return list(accumulate(a_minute, initial=0))


def histogram(
    name: str, means: Sequence[float], requests: float = 60, **labels: str
) -> list[dict[str, str]]:
    """So many observations a minute, of that mean in the histogram's unit."""
    return [
        series(f"{name}_count", grown([requests] * len(means)), **labels),
        series(f"{name}_sum", grown([requests * mean for mean in means]), **labels),
    ]


def expect_firing(
    alert: str,
    inputs: Sequence[dict[str, str]],
    expected: Mapping[int, Sequence[str]],
    folder: Path,
    *,
    every: str = "30s",
) -> None:
    """By minute: the severities in which the alert fires, by Prometheus' own evaluation."""
    expression = f'count by (severity) (ALERTS{{alertname="{alert}", alertstate="firing"}})'
    document = {
        "rule_files": [str(RULES)],
        "evaluation_interval": every,
        "tests": [
            {
                "interval": "1m",
                "input_series": list(inputs),
                "promql_expr_test": [
                    {
                        "expr": expression,
                        "eval_time": f"{minute}m",
                        "exp_samples": [
                            {"labels": f'{{severity="{severity}"}}', "value": 1}
                            for severity in severities
                        ],
                    }
                    for minute, severities in expected.items()
                ],
            }
        ],
    }
    path = folder / "test.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    promtool("test", "rules", str(path))
