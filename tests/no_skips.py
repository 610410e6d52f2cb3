"""With HEARTRISK_NO_SKIPS=1 a skipped test is a failed one: in CI, everything must have run."""

import os
from collections.abc import Generator
from typing import Final

import pytest

VARIABLE: Final = "HEARTRISK_NO_SKIPS"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # A test that is expected to fail and does is reported as skipped, too.
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module may be skipped while it is collected."""
    report = yield
    if report.skipped:
        _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get(VARIABLE, "") in ("", "0"):
        return
    report.outcome = "failed"
    report.longrepr = f"Skipped, though {VARIABLE} is set: {report.longreprtext}"
