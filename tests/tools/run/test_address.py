"""Where the site listens."""

import errno
import os
import socket
from collections.abc import Iterator

import pytest

from heartrisk_site.environment import BadConfiguration
from tools.run.address import Address, check_free, free_port, resolve, status_of


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_it_prefers_ipv4_for_localhost() -> None:
    assert resolve("localhost", 80).host == "127.0.0.1"


def test_it_says_when_a_name_has_no_address() -> None:
    with pytest.raises(BadConfiguration, match=r"API_HOST='no\.such\.invalid' is not an address"):
        resolve("no.such.invalid", 80)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),  # noqa: S104
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
    ],
)
def test_it_prints_an_address_that_a_browser_here_can_open(host: str, url: str) -> None:
    assert Address(socket.AF_INET, host, 8000).url == url


def test_it_accepts_a_free_port() -> None:
    check_free(resolve("127.0.0.1", free_port()))


def test_it_says_in_one_line_that_a_port_is_taken(taken: int) -> None:
    with pytest.raises(BadConfiguration) as stop:
        check_free(resolve("127.0.0.1", taken))
    assert str(stop.value) == (
        f"heartrisk: port {taken} of 127.0.0.1 is in use by another program. "
        "Choose a free one: make run API_PORT=8001"
    )


def test_it_sees_a_port_whose_owner_would_share_it() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = resolve("127.0.0.1", other.getsockname()[1])
        with pytest.raises(BadConfiguration, match="is in use"):
            check_free(address)


def test_it_says_that_an_address_is_not_this_machines() -> None:
    with pytest.raises(BadConfiguration, match="not one of this machine's"):
        check_free(resolve("192.0.2.1", free_port()))


@pytest.mark.parametrize(
    ("code", "sentence"), [(errno.EACCES, "needs more rights"), (errno.ENOBUFS, "cannot be used")]
)
def test_it_gives_the_reason_of_any_other_refusal(
    code: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(BadConfiguration, match=sentence):
        check_free(Address(socket.AF_INET, "127.0.0.1", 80))


def test_it_has_no_status_where_nobody_answers() -> None:
    assert status_of(resolve("127.0.0.1", free_port()), "/") is None


def test_it_gives_up_on_who_never_answers(taken: int) -> None:
    assert status_of(resolve("127.0.0.1", taken), "/", timeout=0.1) is None
