import csv
import io

import numpy as np
import pytest

from predictions.features import EXAMPLE, FEATURES, NAMES
from predictions.files.header import ANSWERS
from predictions.files.predict import Summary, predict_file
from predictions.risk.predictor import get_predictor
from predictions.training.framingham import load_rows

GOOD = {name: f"{value:g}" for name, value in EXAMPLE.items()}
FRAMINGHAM = load_rows().inputs
Row = dict[str, str]


def written(rows: list[Row], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def answer(content: bytes, chunk: int = 100) -> tuple[str, Summary]:
    target = io.BytesIO()
    summary = predict_file(io.BytesIO(content), target, get_predictor(), chunk=chunk)
    return target.getvalue().decode(), summary


def answers(content: bytes, chunk: int = 100, delimiter: str = ",") -> list[Row]:
    text = answer(content, chunk)[0]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def framingham_file() -> bytes:
    """By the data set's names, NA where unknown."""
    columns = [feature.column for feature in FEATURES]
    known = ([f"{x!r}" if x == x else "NA" for x in row] for row in FRAMINGHAM.tolist())
    return written([dict(zip(columns, row, strict=True)) for row in known])


def test_it_gives_every_framingham_row_the_model_s_own_probability() -> None:
    rows = answers(framingham_file(), chunk=1000)
    own = get_predictor().predict_many(FRAMINGHAM).probability
    assert len(rows) == 4240
    given = [float(row["probability"]) for row in rows]
    np.testing.assert_allclose(given, own, rtol=0, atol=1e-12)


def test_it_says_of_every_framingham_row_what_the_model_says() -> None:
    own = get_predictor().predict_many(FRAMINGHAM)
    for index, row in enumerate(answers(framingham_file())):
        expected = own.row(index)
        assert row["prediction"] == str(expected.prediction)
        assert (row["result"], row["risk_band"]) == (expected.result, expected.risk_band)


def test_its_answer_does_not_depend_on_the_chunk() -> None:
    rows = [{**GOOD, "AGE": age} for age in ("7", "30", "50", "95", "x", "60")]
    assert answer(written(rows), chunk=1) == answer(written(rows), chunk=4)


def test_its_probability_loses_no_digit() -> None:
    (row,) = answers(written([GOOD]))
    own = get_predictor().predict_many(np.array([list(EXAMPLE.values())])).probability
    assert float(row["probability"]) == own[0]


def test_it_carries_every_column_through_and_adds_the_answer_behind() -> None:
    odd = {"id": "0042", **GOOD, "AGE": "52.0", "note": 'a, "b"\nc', "": "x"}
    (row,) = answers(written([odd]))
    assert list(row) == [*odd, *ANSWERS]
    assert {name: row[name] for name in odd} == odd


def test_it_keeps_the_order_around_refused_rows() -> None:
    ages = ["7", "50", "8", "9", "60", "200"]
    rows = answers(written([{**GOOD, "AGE": age} for age in ages]))
    assert [row["AGE"] for row in rows] == ages
    assert [row["errors"] != "" for row in rows] == [row["probability"] == "" for row in rows]
    assert [row["errors"] == "" for row in rows] == [False, True, False, False, True, False]


def test_it_counts_what_it_refused() -> None:
    _, summary = answer(written([GOOD, {**GOOD, "AGE": "7"}, GOOD]))
    assert summary == Summary(rows=3, refused=1)


def test_it_says_why_a_row_was_refused() -> None:
    (row,) = answers(written([{**GOOD, "AGE": "7", "BMI": "x"}]))
    assert row["errors"] == "AGE: 7 is below the lowest allowed, 18 years. BMI: x is not a number."


def test_its_errors_call_a_field_as_the_file_does() -> None:
    row = {feature.column: GOOD[feature.name] for feature in FEATURES} | {"sysBP": "20"}
    (answered,) = answers(written([row]))
    assert answered["errors"].startswith("sysBP: 20 is below")


@pytest.mark.parametrize("unknown", ["", "NA"])
def test_it_says_what_was_filled_in(unknown: str) -> None:
    (row,) = answers(written([{**GOOD, "GLUCOSE": unknown, "BMI": unknown}]))
    medians = get_predictor().manifest.medians
    assert row["imputed"] == f"BMI={medians['BMI']:.15g}; GLUCOSE={medians['GLUCOSE']:.15g}"


def test_it_warns_of_a_value_outside_the_training_data() -> None:
    (row,) = answers(written([{**GOOD, "AGE": "95"}]))
    assert row["warnings"].startswith("Age (AGE) is 95, outside the ")


def test_it_names_the_model() -> None:
    rows = answers(written([GOOD, {**GOOD, "AGE": "7"}]))
    assert {row["model_version"] for row in rows} == {get_predictor().model_version}


def test_it_refuses_a_row_with_too_few_values_and_keeps_the_table_s_shape() -> None:
    cut = written([{**GOOD, "id": "1"}, {**GOOD, "id": "2"}])[:-10]
    good, short = answers(cut)
    assert short["errors"] == "The row has 12 values where the header has 15 columns."
    assert (good["errors"], short["model_version"]) == ("", get_predictor().model_version)


def test_it_refuses_a_row_with_too_many_values() -> None:
    rows = answers(written([GOOD, GOOD]).replace(b"\n52,", b"\n52,5,", 1))
    assert rows[0]["errors"] == "The row has 15 values where the header has 14 columns."
    assert rows[1]["errors"] == ""


def test_it_answers_a_header_alone_with_a_header() -> None:
    text, summary = answer(",".join(NAMES).encode())
    assert text == ",".join([*NAMES, *ANSWERS]) + "\n"
    assert summary == Summary(rows=0, refused=0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_answers_with_the_input_s_delimiter(delimiter: str) -> None:
    (row,) = answers(written([GOOD], delimiter), delimiter=delimiter)
    assert 0 < float(row["probability"]) < 1


def test_it_answers_decimal_commas_with_decimal_commas() -> None:
    with_point, with_comma = {**GOOD, "BMI": "26.4"}, {**GOOD, "BMI": "26,4"}
    (expected,) = answers(written([with_point], ";"), delimiter=";")
    (row,) = answers(written([with_comma], ";"), delimiter=";")
    assert row["probability"] == expected["probability"].replace(".", ",")
    assert row["BMI"] == "26,4"


def test_it_tells_of_its_progress_after_each_chunk() -> None:
    calls: list[int] = []
    source = io.BytesIO(written([GOOD] * 5))
    predict_file(
        source,
        io.BytesIO(),
        get_predictor(),
        chunk=2,
        progress=lambda: calls.append(source.tell()),
    )
    assert len(calls) == 3
