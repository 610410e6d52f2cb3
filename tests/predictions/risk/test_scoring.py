"""The quick arithmetic gives what scikit-learn gives."""

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from predictions.arrays import FloatArray
from predictions.risk.derivation import derive
from predictions.risk.model_file import read_model
from predictions.risk.scoring import scorer_of
from predictions.training.fit import learn_filling
from tests.predictions.models import MODEL_FILE, MODEL_FOLDER, Always, rows


def features() -> FloatArray:
    return derive(learn_filling(rows().inputs).fill(rows().inputs))


def test_it_agrees_with_predict_proba_on_every_row_of_the_data() -> None:
    estimator, _ = read_model(MODEL_FILE, MODEL_FOLDER / "manifest.json")
    expected = estimator.predict_proba(features())[:, 1]
    np.testing.assert_allclose(scorer_of(estimator).many(features()), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    "estimator",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),
        make_pipeline(StandardScaler(with_mean=False), LogisticRegression()),
        make_pipeline(StandardScaler(with_std=False), LogisticRegression(max_iter=20)),
        make_pipeline(MinMaxScaler(), LogisticRegression()),
        LogisticRegression(max_iter=20),
        HistGradientBoostingClassifier(max_iter=5),
    ],
    ids=["ours", "no mean", "no scale", "other scaler", "bare", "trees"],
)
# Unscaled features do not let it converge; what it predicts is what is compared.
@pytest.mark.filterwarnings("ignore:.*failed to converge")
def test_it_agrees_with_predict_proba_of_other_estimators(estimator: Any) -> None:
    some = features()[:400]
    estimator.fit(some, rows().outcome[:400])
    expected = estimator.predict_proba(some)[:, 1]
    np.testing.assert_allclose(scorer_of(estimator).many(some), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("estimator", [LogisticRegression(), HistGradientBoostingClassifier()])
@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler()])
@pytest.mark.filterwarnings("ignore:.*failed to converge")
def test_it_gives_one_person_what_it_gives_many(estimator: Any, scaler: Any) -> None:
    some = features()[:400]
    scorer = scorer_of(make_pipeline(scaler, estimator).fit(some, rows().outcome[:400]))
    one_by_one = [scorer.one(person) for person in some[:50].tolist()]
    np.testing.assert_allclose(one_by_one, scorer.many(some[:50]), rtol=0, atol=1e-14)


def test_ours_gives_one_person_the_same_to_the_last_bit() -> None:
    estimator, _ = read_model(MODEL_FILE, MODEL_FOLDER / "manifest.json")
    scorer = scorer_of(estimator)
    one_by_one = [scorer.one(person) for person in features().tolist()]
    np.testing.assert_array_equal(one_by_one, scorer.many(features()))


@pytest.mark.parametrize(("log_odds", "probability"), [(-1e4, 0), (1e4, 1)])
def test_the_most_extreme_scores_are_still_probabilities(
    log_odds: float, probability: float
) -> None:
    estimator = make_pipeline(StandardScaler(), LogisticRegression())
    estimator.fit(features()[:400], rows().outcome[:400])
    estimator[-1].intercept_[0] = log_odds
    assert scorer_of(estimator).one(features()[0].tolist()) == probability


def test_it_asks_a_subclass_as_it_is() -> None:
    subclass = type("Own", (Pipeline,), {"predict_proba": Always(0.75).predict_proba})
    own = subclass([("scaler", StandardScaler()), ("regression", LogisticRegression())])
    np.testing.assert_array_equal(scorer_of(own).many(features()[:3]), [0.75] * 3)
