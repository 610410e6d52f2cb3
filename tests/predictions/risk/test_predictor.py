import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings
from sklearn.dummy import DummyClassifier

from predictions.risk.manifest import ModelError
from predictions.risk.predictor import Loader, Predictor, get_predictor
from tests.predictions.models import MODEL_FILE, Always, anywhere, golden_cases, manifest, row, rows


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def loading(*outcomes: Predictor | str) -> Callable[[str], Predictor]:
    """A load function that gives one after another; a text is the error it raises."""
    left = list(outcomes)

    def load(path: str) -> Predictor:
        outcome = left.pop(0)
        if isinstance(outcome, str):
            raise ModelError(outcome)
        return outcome

    return load


def test_it_gives_the_golden_probabilities() -> None:
    inputs, expected = golden_cases()
    given = get_predictor().predict_many(inputs).probability
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-12)


def test_it_gives_the_golden_probabilities_one_by_one() -> None:
    inputs, expected = golden_cases()
    given = [get_predictor().predict(person).probability for person in inputs]
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-12)


def test_it_gives_one_person_to_the_last_bit_what_it_gives_in_a_batch() -> None:
    people = np.vstack([rows().inputs[::10], anywhere(100)])
    predictor = get_predictor()
    batch = predictor.predict_many(people)
    alone = [predictor.predict(person) for person in people]
    np.testing.assert_array_equal([one.probability for one in alone], batch.probability)


def test_a_batch_names_for_each_row_what_one_person_is_told() -> None:
    people = np.vstack([rows().inputs[::50], anywhere(50)])
    batch = get_predictor().predict_many(people)
    for index, person in enumerate(people):
        alone, within = get_predictor().predict(person), batch.row(index)
        assert (alone.imputed, alone.warnings) == (within.imputed, within.warnings)
        assert (alone.result, alone.risk_band) == (within.result, within.risk_band)


def test_it_names_what_it_imputed() -> None:
    prediction = get_predictor().predict(row(GLUCOSE=None, BMI=None))
    assert prediction.imputed == {"BMI": 25.4, "GLUCOSE": 78.0}


def test_it_imputes_nothing_of_a_complete_row() -> None:
    assert get_predictor().predict(row()).imputed == {}


def test_it_imputes_a_smokers_cigarettes() -> None:
    smoker = get_predictor().predict(row(CURRENT_SMOKER=1, CIGS_PER_DAY=None))
    assert smoker.imputed == {"CIGS_PER_DAY": 20.0}


def test_it_warns_of_a_value_beyond_the_training_data() -> None:
    (warning,) = get_predictor().predict(row(AGE=85)).warnings
    assert (warning.field, warning.value, warning.low, warning.high) == ("AGE", 85, 32, 70)


def test_it_does_not_warn_at_the_ends_of_the_training_range() -> None:
    low, high = manifest().range_rows()
    assert not get_predictor().predict_many(np.vstack([low, high])).out_of_range.any()


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        (0, "low"),
        (0.0999, "low"),
        (0.1, "moderate"),
        (0.1999, "moderate"),
        (0.2, "high"),
        (1, "high"),
    ],
)
def test_it_takes_the_band_from_the_manifest(probability: float, band: str) -> None:
    assert Predictor(Always(probability), manifest()).predict(row()).risk_band == band


@pytest.mark.parametrize(
    ("probability", "prediction", "result"), [(0.2999, 0, "NO"), (0.3, 1, "YES"), (0.9, 1, "YES")]
)
def test_it_says_yes_from_the_manifests_threshold(
    probability: float, prediction: int, result: str
) -> None:
    given = Predictor(Always(probability), manifest(threshold=0.3)).predict(row())
    assert (given.prediction, given.result, given.threshold) == (prediction, result, 0.3)


def test_it_answers_no_rows_with_no_predictions() -> None:
    assert len(get_predictor().predict_many(np.empty((0, 14)))) == 0


def test_it_predicts_a_row_well_within_a_millisecond() -> None:
    predictor, person = get_predictor(), row()
    times = []
    for _ in range(200):
        started = time.perf_counter()
        predictor.predict(person)
        times.append(time.perf_counter() - started)
    assert np.median(times) < 0.0005


def test_it_loads_the_settings_model_once() -> None:
    assert get_predictor() is get_predictor()


def test_it_says_each_time_that_the_settings_model_is_not_there(
    settings: Settings, tmp_path: Path
) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    for _ in range(2):
        with pytest.raises(ModelError, match="no readable model"):
            get_predictor()


def test_it_finds_a_file_that_was_put_right() -> None:
    found = Predictor(DummyClassifier(), manifest())
    loader = Loader(loading("not there", found))
    with pytest.raises(ModelError, match="not there"):
        loader.get("model.pkl")
    assert loader.get("model.pkl") is found


def test_it_does_not_repeat_a_failed_download_at_once() -> None:
    clock = Clock()
    found = Predictor(DummyClassifier(), manifest())
    loader = Loader(loading("no network", found), clock, patience=10)
    for clock.now in (0.0, 9.9):
        with pytest.raises(ModelError, match="no network"):
            loader.get("hf://owner/repository/model.pkl")
    clock.now = 10.0
    assert loader.get("hf://owner/repository/model.pkl") is found


def test_many_threads_load_it_once() -> None:
    calls: list[str] = []

    def load(path: str) -> Predictor:
        calls.append(path)
        time.sleep(0.05)
        return Predictor.load(path)

    loader = Loader(load)
    threads = [threading.Thread(target=loader.get, args=(str(MODEL_FILE),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [str(MODEL_FILE)]


def test_a_thread_does_not_wait_for_a_slow_download() -> None:
    started, released = threading.Event(), threading.Event()

    def load(path: str) -> Predictor:
        started.set()
        released.wait(10)
        return Predictor(DummyClassifier(), manifest())

    loader = Loader(load, wait=0.01)
    thread = threading.Thread(target=loader.get, args=("hf://owner/repository/model.pkl",))
    thread.start()
    started.wait(10)
    with pytest.raises(ModelError, match="still being loaded"):
        loader.get("hf://owner/repository/model.pkl")
    released.set()
    thread.join()
