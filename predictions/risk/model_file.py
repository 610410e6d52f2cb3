"""Reads a model file, after proving that it is the one its manifest describes."""

import hashlib
import io
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Final

from predictions.risk.derived import ALL_NAMES
from predictions.risk.manifest import Manifest, ModelError

if TYPE_CHECKING:
    from predictions.risk.scoring import Estimator

# What unpickling raises for a damaged file or a class that is not there.
_UNREADABLE: Final = (
    UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    TypeError,
    ValueError,
)


def read_model(model: Path, manifest_path: Path) -> tuple["Estimator", Manifest]:
    """The estimator and its manifest. Raises ``ModelError``.

    A pickle can run any code, so the sha256 is compared before anything is unpickled.
    """
    content = _read(model, "model")
    manifest = Manifest.parse(_read(manifest_path, "manifest of the model"))
    if hashlib.sha256(content).hexdigest() != manifest.sha256:
        raise ModelError(f"{model.name} is not the model that its manifest describes (sha256).")
    _check_version(manifest)
    estimator = _unpickle(content)
    if not hasattr(estimator, "predict_proba"):
        raise ModelError("The model has no predict_proba, so it gives no probabilities.")
    _check_features(estimator, manifest)
    return estimator, manifest


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise ModelError(
            f"There is no readable {what} {path.name} where MODEL_PATH says."
        ) from None


def _check_version(manifest: Manifest) -> None:
    # Imported here: a second that only a process that predicts should pay.
    import sklearn

    if manifest.scikit_learn != sklearn.__version__:
        raise ModelError(
            f"The model was made with scikit-learn {manifest.scikit_learn}, "
            f"but {sklearn.__version__} is installed."
        )


def _unpickle(content: bytes) -> "Estimator":
    import joblib

    try:
        estimator: Estimator = joblib.load(io.BytesIO(content))
    except _UNREADABLE as error:
        raise ModelError(f"The model cannot be unpickled ({type(error).__name__}).") from None
    return estimator


def _check_features(estimator: object, manifest: Manifest) -> None:
    count = getattr(estimator, "n_features_in_", None)
    if count != len(ALL_NAMES):
        raise ModelError(f"The model takes {count} features, but this site makes {len(ALL_NAMES)}.")
    if manifest.feature_names != ALL_NAMES:
        raise ModelError("The model's features are not, by name and order, those this site makes.")
