"""The name by which the health check calls the site; its answer is tested with the server's."""

import pytest

from tools.containers.healthy import host_name


@pytest.mark.parametrize(
    ("allowed", "name"),
    [
        (["localhost", "127.0.0.1"], "localhost"),
        (["heartrisk.example"], "heartrisk.example"),
        ([".example.org"], "example.org"),
        (["*"], "localhost"),
        ([], "localhost"),
    ],
)
def test_it_is_one_that_the_site_answers_to(allowed: list[str], name: str) -> None:
    assert host_name(allowed) == name
