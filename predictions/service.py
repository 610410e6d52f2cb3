"""One patient's values predicted and told to the log: what the page and the API share."""

import time

from predictions.prediction import Prediction
from predictions.predictor import get_predictor
from predictions.transaction import Transaction
from predictions.validation import Verdict, as_input_data


def answer(transaction: Transaction, verdict: Verdict) -> Prediction | None:
    """The prediction, or None where the values were refused; either way for the log too.

    Raises ``ModelError`` where there is no model to ask; what was asked is logged all the same.
    """
    transaction.invalid_input = [refusal.as_log() for refusal in verdict.refusals]
    if verdict.values is None:
        return None
    transaction.input_data = as_input_data(verdict.values)
    predictor = get_predictor()
    started = time.perf_counter()
    prediction = predictor.predict(verdict.values)
    transaction.inference_time_ms = (time.perf_counter() - started) * 1000
    transaction.model_version = prediction.model_version
    transaction.result = prediction.log_result()
    return prediction
