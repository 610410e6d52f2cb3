import numpy as np

from predictions.risk.predictor import get_predictor
from predictions.risk.remarks import imputed_by_row, warned_by_row
from predictions.training.framingham import load_rows

# Every tenth is far older than anybody the model was trained on.
PEOPLE = load_rows().inputs[:500].copy()
PEOPLE[::10, 0] = 100


def test_it_finds_what_each_row_by_itself_says_was_filled_in() -> None:
    predictions = get_predictor().predict_many(PEOPLE)
    rows = {at: predictions.row(at).imputed for at in range(len(predictions))}
    found = imputed_by_row(predictions)
    assert found == {at: imputed for at, imputed in rows.items() if imputed}
    assert len(found) == np.isnan(PEOPLE).any(axis=1).sum() > 0


def test_it_finds_the_rows_that_have_a_warning() -> None:
    predictions = get_predictor().predict_many(PEOPLE)
    rows = {at: predictions.row(at) for at in range(len(predictions))}
    found = warned_by_row(predictions)
    assert found == {at: prediction for at, prediction in rows.items() if prediction.warnings}
    assert len(found) >= 50
