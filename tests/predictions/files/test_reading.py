import io

import pytest

from predictions.features import NAMES
from predictions.files import reading
from predictions.files.errors import FileError
from predictions.files.reading import Reader

HEADER = ",".join(["id", *NAMES]).encode() + b"\n"
ROW = b"7" + b",1" * 14


def rows_of(content: bytes, chunk: int = 100) -> list[list[list[str]]]:
    return list(Reader(io.BytesIO(content)).chunks(chunk))


def refused(content: bytes) -> FileError:
    with pytest.raises(FileError) as caught:
        rows_of(content)
    return caught.value


def test_it_gives_the_rows_in_chunks() -> None:
    chunks = rows_of(HEADER + (ROW + b"\n") * 5, chunk=2)
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]


def test_it_needs_no_newline_at_the_end() -> None:
    assert rows_of(HEADER + ROW) == [[["7", *["1"] * 14]]]


def test_it_leaves_out_empty_lines() -> None:
    assert len(rows_of(HEADER + b"\n" + ROW + b"\n\n\r\n" + ROW + b"\n\n")[0]) == 2


def test_it_goes_on_after_a_chunk_of_empty_lines() -> None:
    assert len(rows_of(HEADER + b"\n" * 5 + ROW, chunk=2)) == 1


def test_it_gives_no_rows_of_a_header_alone() -> None:
    assert rows_of(HEADER) == []


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_it_takes_either_end_of_line(ending: bytes) -> None:
    assert rows_of((HEADER + ROW + b"\n").replace(b"\n", ending))[0][0][-1] == "1"


def test_it_takes_a_byte_order_mark() -> None:
    assert Reader(io.BytesIO(b"\xef\xbb\xbf" + HEADER)).header.columns[0] == "id"


def test_it_takes_quoted_delimiters_newlines_and_quotes() -> None:
    (chunk,) = rows_of(HEADER + b'"a, ""b""\nc"' + b",1" * 14 + b"\n" + ROW)
    assert [row[0] for row in chunk] == ['a, "b"\nc', "7"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "Line 1 is empty."),
        (b"\n" + HEADER, "Line 1 is empty."),
        (HEADER.decode().encode("utf-16"), "Line 1 is not UTF-8."),
        (HEADER + ROW + b"\nJos\xe9" + ROW, "Line 3 is not UTF-8."),
        (HEADER + b'"7' + ROW, "Line 2 is not CSV: unexpected end of data."),
        (HEADER + b'"7"7' + ROW, "Line 2 is not CSV: ',' expected after '\"'."),
    ],
)
def test_it_says_which_line_cannot_be_read(content: bytes, sentence: str) -> None:
    assert str(refused(content)) == sentence


def test_its_error_does_not_hold_the_line() -> None:
    error = refused(HEADER + ROW + b"\xff")
    assert (error.__cause__, error.__context__) == (None, None)


def test_it_does_not_read_an_endless_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 500)
    assert str(refused(HEADER + ROW * 50)) == "Line 2 has more than 500 bytes."
    assert str(refused(b"x" * 900)) == "Line 1 has more than 500 bytes."
