"""Whatever bytes a dead letter holds, a person sees them as well as they can be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logpipeline.admin.originals import readable

NESTED = b"[" * 100_000 + b"]" * 100_000


def test_json_is_indented() -> None:
    assert readable(b'{"data":{"AGE":52}}') == (
        '{\n  "data": {\n    "AGE": 52\n  }\n}',
        True,
        False,
    )


@pytest.mark.parametrize(
    "original", [b"", b"{", b"NaN", b"\xff\x00", b'"\xc3"', NESTED, b"[" * 300 + b"]" * 300]
)
def test_what_is_no_json_for_the_pipeline_is_shown_as_bytes(original: bytes) -> None:
    shown = readable(original)
    assert shown.text == repr(original)[:10_000]
    assert not shown.is_json


def test_it_escapes_what_a_terminal_or_a_browser_would_take_for_a_command() -> None:
    assert readable(b"\x1b[2J\x00 not JSON").text == r"b'\x1b[2J\x00 not JSON'"


@pytest.mark.parametrize(
    ("original", "length"),
    [
        (b"x" * 9_997, 10_000),
        (b"x" * 9_998, 10_000),
        (b"\xff" * 20_000_000, 10_000),
        (b"[" + b"1," * 10_000 + b"1]", 50_007),
        (b"[" + b"1," * 100_000 + b"1]", 100_000),
        (b"[" + b"1," * 600_000 + b"1]", 10_000),
    ],
)
def test_it_is_never_longer_than_a_page_bears(original: bytes, length: int) -> None:
    assert len(readable(original).text) == length


@pytest.mark.parametrize(
    ("original", "cut"),
    [
        (b"x" * 9_997, False),
        (b"x" * 9_998, True),
        (b"\xff" * 5_000, True),
        (b"[" + b"1," * 10_000 + b"1]", False),
        (b"[" + b"1," * 100_000 + b"1]", True),
    ],
)
def test_it_says_whether_it_is_all(original: bytes, cut: bool) -> None:
    assert readable(original).cut == cut


@given(st.binary())
def test_any_bytes_can_be_shown(original: bytes) -> None:
    assert readable(original).text.isprintable() or readable(original).is_json
