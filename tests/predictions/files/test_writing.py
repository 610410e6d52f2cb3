import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.files.header import DELIMITERS
from predictions.files.writing import as_csv

CELLS = st.text(alphabet=[*"a1 é,;\t'\"\n\r\\\0"], max_size=4)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=4)


@given(ROWS, st.sampled_from(DELIMITERS))
def test_it_writes_what_pythons_writer_does(rows: list[list[str]], delimiter: str) -> None:
    expected = io.StringIO(newline="")
    csv.writer(expected, delimiter=delimiter, lineterminator="\n").writerows(rows)
    assert as_csv(rows, delimiter) == expected.getvalue()


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("odd", ['say "no"', "a,b", "a;b", "a\tb", "two\nlines"])
def test_what_it_writes_reads_back(odd: str, delimiter: str) -> None:
    rows = [["plain", "1.5"], [odd, ""], ["", odd]]
    text = as_csv(rows, delimiter)
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == rows
