"""In CI a skipped test is a failed one."""

import pytest

pytest_plugins = ["pytester"]

SKIPS = """
import pytest

def test_it_runs(): pass
def test_it_does_not(): pytest.skip("no Chromium")
@pytest.mark.xfail
def test_it_fails_as_expected(): assert False
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("HEARTRISK_NO_SKIPS", raising=False)
    return pytester


def outcomes(run: pytest.Pytester, code: str) -> dict[str, int]:
    run.makepyfile(code)
    return run.runpytest_inprocess("-p", "tests.no_skips", "-p", "no:django").parseoutcomes()


def test_it_lets_a_skip_be_elsewhere(run: pytest.Pytester) -> None:
    assert outcomes(run, SKIPS) == {"passed": 1, "skipped": 1, "xfailed": 1}


def test_it_fails_a_skip_where_all_must_run(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTRISK_NO_SKIPS", "1")
    assert outcomes(run, SKIPS) == {"passed": 1, "failed": 1, "xfailed": 1}


def test_it_fails_a_skipped_module_too(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTRISK_NO_SKIPS", "1")
    code = 'import pytest\npytest.skip("no Chromium", allow_module_level=True)'
    assert outcomes(run, code)["errors"] == 1
