import pytest

from predictions.features import BY_NAME, FEATURES, NAMES
from predictions.files.errors import FileError
from predictions.files.header import Header, delimiter_of, header_of

DATA_SET = [feature.column for feature in FEATURES]


def refused(*columns: str) -> str:
    with pytest.raises(FileError) as caught:
        header_of(columns)
    return str(caught.value)


def test_it_finds_the_api_s_names_in_any_order() -> None:
    header = header_of(["id", *reversed(NAMES)])
    assert header.features == tuple(range(14, 0, -1))


def test_it_finds_the_data_set_s_names() -> None:
    header = header_of(["male", "education", *DATA_SET[:1], *DATA_SET[2:], "TenYearCHD"])
    assert header.columns[header.features[NAMES.index("AGE")]] == "age"
    assert header.columns[header.features[NAMES.index("GENDER")]] == "male"


def test_it_calls_a_feature_as_the_file_does() -> None:
    assert header_of(DATA_SET).column_of("SYS_BP") == BY_NAME["SYS_BP"].column


def test_it_takes_blanks_around_a_name() -> None:
    assert header_of([f" {name} " for name in NAMES]).features == tuple(range(14))


def test_it_keeps_every_column() -> None:
    columns = ("id", *NAMES, "id", "")
    assert header_of(columns) == Header(columns, tuple(range(1, 15)))


def test_it_names_what_is_missing() -> None:
    left = [name for name in NAMES if name not in ("BMI", "AGE")]
    assert refused(*left) == "The header lacks columns AGE, BMI."


def test_it_names_a_feature_that_stands_there_twice() -> None:
    assert refused(*NAMES, "AGE") == "The header repeats column AGE."


def test_it_names_a_feature_that_stands_there_by_both_its_names() -> None:
    assert refused(*NAMES, "age") == "The header repeats column age."


def test_it_names_a_column_that_the_answer_adds() -> None:
    assert refused(*NAMES, "errors") == "The header already has the answer's column errors."


def test_it_shows_no_more_than_some_names() -> None:
    assert refused("x").count(",") == 13


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_finds_the_delimiter(delimiter: str) -> None:
    assert delimiter_of(delimiter.join(["id", *NAMES]) + "\r\n") == delimiter


def test_a_delimiter_in_quotes_separates_nothing() -> None:
    assert delimiter_of('"a,b,c,d";e;f\n') == ";"
