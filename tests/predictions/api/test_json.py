from typing import Any

import numpy as np
import orjson
import pytest
from django.utils.translation import gettext_lazy

from predictions.api.exceptions import Refused
from predictions.api.json import dumps, loads
from predictions.features import EXAMPLE
from predictions.validation.row import RepeatedKeys


def refused(body: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        loads(body)
    (refusal,) = caught.value.refusals
    return refusal.field, refusal.reason


def test_it_reads_what_it_wrote() -> None:
    assert loads(dumps(EXAMPLE)) == EXAMPLE


def test_it_writes_numpy_s_numbers() -> None:
    assert dumps({"a": np.float64(0.1), "b": np.int64(2)}) == b'{"a":0.1,"b":2}'


def test_it_writes_lazy_texts() -> None:
    assert dumps({"label": gettext_lazy("Age")}) == b'{"label":"Age"}'


def test_it_writes_nothing_that_is_not_json() -> None:
    with pytest.raises(TypeError):
        dumps(object())


def test_it_skips_a_byte_order_mark() -> None:
    assert loads(b'\xef\xbb\xbf{"AGE": 52}') == {"AGE": 52}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999"])
def test_it_hands_on_the_text_of_a_number_no_float_can_hold(text: str) -> None:
    assert loads(f'{{"AGE": {text}}}'.encode()) == {"AGE": text}


def test_it_hands_on_a_huge_integer_as_infinite() -> None:
    assert loads(b'{"AGE": 1' + b"0" * 5000 + b', "BMI": NaN}') == {"AGE": "Infinity", "BMI": "NaN"}


@pytest.mark.parametrize("number", [0, -7, 10**18, 2**63, 2**64, 10**30, 0.1, 1e300])
def test_its_careful_reader_reads_numbers_as_orjson_does(number: float) -> None:
    text = str(number).encode()
    careful: Any = loads(b'{"a": ' + text + b', "b": NaN}')
    assert careful["a"] == orjson.loads(text)


@pytest.mark.parametrize(
    "body", [b'{"AGE": 1, "AGE": 2}', b'{"x": "a:b", "AGE": 1, "BMI": 3, "AGE": 2}']
)
def test_it_notices_a_repeated_key(body: bytes) -> None:
    data = loads(body)
    assert isinstance(data, RepeatedKeys)
    assert data.repeated == ("AGE",)


def test_it_notices_a_repeated_key_in_one_row_of_many() -> None:
    data: Any = loads(b'{"instances": [{"AGE": 1}, {"AGE": 1, "AGE": 2}]}')
    assert [type(row) for row in data["instances"]] == [dict, RepeatedKeys]


def test_a_colon_in_a_text_is_no_repeated_key() -> None:
    assert type(loads(b'{"AGE": "a:b"}')) is dict


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "not_json"),
        (b'{"AGE": 52', "not_json"),
        (b"{'AGE': 52}", "not_json"),
        (b'{"AGE": 052}', "not_json"),
        (b'{"AGE": "\x00"}', "not_json"),
        (b"\xff\xfe{\x00}\x00", "not_utf8"),
        (b'{"AGE": "\xe9"}', "not_utf8"),
        (b"[" * 100_000, "too_deep"),
    ],
)
def test_it_says_why_a_body_is_no_json(body: bytes, reason: str) -> None:
    assert refused(body) == ("body", reason)


def test_its_refusal_does_not_carry_the_body_in_another_exception() -> None:
    with pytest.raises(Refused) as caught:
        loads(b'{"AGE": 52')
    assert caught.value.__context__ is None
