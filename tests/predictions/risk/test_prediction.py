import orjson
import pytest
from django.utils import translation

from predictions.risk.prediction import OutOfRange
from predictions.risk.predictor import Predictor, get_predictor
from tests.predictions.models import Always, manifest, row


def message(probability: float) -> str:
    return Predictor(Always(probability), manifest()).predict(row()).message()


def test_it_says_what_how_likely_and_which_band() -> None:
    assert message(0.1234) == "10-year risk of coronary heart disease: 12.3% (moderate)"


@pytest.mark.parametrize(
    ("probability", "shown"), [(0, " 0.0%"), (0.0006, " 0.1%"), (1, " 100.0%")]
)
def test_it_shows_one_decimal(probability: float, shown: str) -> None:
    assert shown in message(probability)


def test_it_writes_numbers_as_the_reader_does() -> None:
    with translation.override("fr"):
        assert "12,3" in message(0.1234)


def test_each_reader_gets_their_own_language_whoever_came_first() -> None:
    prediction = get_predictor().predict(row())
    messages = []
    for language in ("en", "fr", "en"):
        with translation.override(language):
            messages.append(prediction.message())
    assert messages[0] == messages[2] != messages[1]


def test_a_warning_names_field_value_limits_and_unit() -> None:
    text = OutOfRange("SYS_BP", 296.5, 83.5, 295.0, "mmHg").text()
    for part in ("SYS_BP", "Systolic blood pressure", "296.5", "83.5", "295", "mmHg"):
        assert part in text


def test_a_warning_writes_whole_numbers_without_decimals() -> None:
    assert " 85, " in OutOfRange("AGE", 85.0, 32.0, 70.0, "years").text()


def test_a_warning_writes_numbers_as_the_reader_does() -> None:
    with translation.override("fr"):
        assert "296,5" in OutOfRange("SYS_BP", 296.5, 83.5, 295.0, "mmHg").text()


def test_the_log_gets_plain_data() -> None:
    logged = get_predictor().predict(row(AGE=85, GLUCOSE=None)).log_result()
    assert orjson.loads(orjson.dumps(logged)) == logged
    assert logged["imputed"] == {"GLUCOSE": 78.0}
    assert logged["warnings"] == [{"field": "AGE", "value": 85.0, "low": 32.0, "high": 70.0}]


def test_the_log_gets_everything_the_model_said() -> None:
    prediction = get_predictor().predict(row())
    logged = prediction.log_result()
    assert logged["probability"] == prediction.probability
    assert logged["model_version"] == manifest().model_version
    assert {"prediction", "result", "risk_band", "threshold"} <= logged.keys()
