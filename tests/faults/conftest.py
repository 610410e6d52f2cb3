"""A site and a Valkey of their own: these tests stop, kill and fill both."""

from collections.abc import Iterator

import pytest

from tests.conftest import Valkey
from tests.faults.site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    valkey = Valkey(folder / "valkey")
    valkey.start()
    site = Site(folder, valkey)
    site.start()
    yield site
    site.stop()
    valkey.kill()
