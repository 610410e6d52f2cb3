"""A picture of a monitoring page, for the documents."""

from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM
from tests.browser.watching import PASSWORD
from tests.site import Site
from tests.tools.test_screenshot import size_of
from tools import screenshot

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH"),
]


def test_it_is_taken_of_a_site_that_runs(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.add_user("photographer", PASSWORD, staff=True)
    monkeypatch.setenv("SCREENSHOT_PASSWORD", PASSWORD)
    picture = tmp_path / "monitoring.png"
    address = f"{site.url}/monitoring/?range=24h"
    arguments = ["--of", address, "--user", "photographer", "--width", "500", "--dark"]
    assert screenshot.main([*arguments, "--output", str(picture)]) == 0
    width, height = size_of(picture)
    assert (width, height > 2000) == (500, True)
