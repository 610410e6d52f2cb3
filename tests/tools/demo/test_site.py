"""The site beside the player: what happens when it does not run."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.demo.site import EndedError, Site
from tools.run.address import resolve


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """One that cannot start: its port is taken."""
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("API_PORT", str(port))
    with taken:
        yield Site(resolve("127.0.0.1", port))


def test_a_site_that_does_not_start_is_not_waited_for(site: Site) -> None:
    with site, pytest.raises(EndedError):
        site.wait_until_ready()


def test_one_that_ends_does_not_serve(site: Site) -> None:
    with site, pytest.raises(EndedError):
        site.serve()


def test_it_says_whether_something_happened_in_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_check", lambda: None)
    assert site.wait_until(lambda: True, 0) is True
    assert site.wait_until(lambda: False, 0.01) is False
