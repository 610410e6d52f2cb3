"""Predicting for a request: the estimate, and what its transaction tells the log."""

import time

from predictions.arrays import FloatArray
from predictions.risk.prediction import Prediction, Predictions
from predictions.risk.predictor import Predictor, get_predictor
from predictions.transaction import Transaction
from predictions.validation.row import as_input_data


def predict_recorded(values: FloatArray, transaction: Transaction) -> Prediction:
    """One person, (14,). Raises ``ModelError``."""
    transaction.input_data = as_input_data(values)
    predictor = get_predictor()
    started = time.perf_counter()
    prediction = predictor.predict(values)
    _record_time(transaction, predictor, started)
    transaction.result = prediction.log_result()
    return prediction


def predict_many_recorded(matrix: FloatArray, transaction: Transaction) -> Predictions:
    """Many people, (n, 14). Raises ``ModelError``. The rows are the caller's to record."""
    predictor = get_predictor()
    started = time.perf_counter()
    predictions = predictor.predict_many(matrix)
    _record_time(transaction, predictor, started)
    return predictions


def _record_time(transaction: Transaction, predictor: Predictor, started: float) -> None:
    transaction.inference_time_ms = (time.perf_counter() - started) * 1000
    transaction.model_version = predictor.model_version
