"""``manifest.json``: what a model file is, and everything a prediction needs beside it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Self

import numpy as np
import orjson

from predictions.arrays import FloatArray
from predictions.features import NAMES

FILE_NAME: Final = "manifest.json"
GOLDEN_CASES_FILE_NAME: Final = "golden_cases.json"


class ModelError(Exception):
    """The model cannot be used; the text is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Band:
    """A risk band: probabilities from ``low`` up to, but not including, ``high``."""

    key: str
    label: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of ``manifest.json`` that the code reads; ``raw`` is all of it.

    ``medians`` maps each input to its training median; ``training_ranges`` to the least
    and the greatest value seen in training. ``bands`` cover 0 to 1 without a gap.
    """

    model_version: str
    sha256: str
    scikit_learn: str
    feature_names: tuple[str, ...]
    endpoint: str
    threshold: float
    bands: tuple[Band, ...]
    medians: dict[str, float]
    smokers_cigarettes: float
    training_ranges: dict[str, tuple[float, float]]
    raw: dict[str, Any]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """From the file's bytes. Raises ``ModelError``."""
        try:
            return cls._from_raw(orjson.loads(content))
        except orjson.JSONDecodeError:
            raise ModelError(f"The model's {FILE_NAME} is not JSON.") from None
        except KeyError as error:
            raise ModelError(f"The model's {FILE_NAME} has no {error}.") from None
        except (TypeError, ValueError, AttributeError):
            raise ModelError(f"The model's {FILE_NAME} does not have the form it should.") from None

    @classmethod
    def _from_raw(cls, raw: dict[str, Any]) -> Self:
        return cls(
            model_version=str(raw["model_version"]),
            sha256=str(raw["sha256"]),
            scikit_learn=str(raw["scikit_learn"]),
            feature_names=tuple(raw["feature_names"]),
            endpoint=str(raw["endpoint"]),
            threshold=float(raw["threshold"]),
            bands=_bands(raw["bands"]),
            medians={name: float(raw["medians"][name]) for name in NAMES},
            smokers_cigarettes=float(raw["smokers_cigarettes"]),
            training_ranges={name: _pair(raw["training_ranges"][name]) for name in NAMES},
            raw=raw,
        )

    def band_edges(self) -> FloatArray:
        """Where one band ends and the next begins."""
        return np.array([band.low for band in self.bands[1:]])

    def median_row(self) -> FloatArray:
        """(14,) medians in the order of ``features.NAMES``."""
        return np.array([self.medians[name] for name in NAMES])

    def range_rows(self) -> tuple[FloatArray, FloatArray]:
        """(14,) lower and (14,) upper ends of the training ranges."""
        low, high = np.array([self.training_ranges[name] for name in NAMES]).T
        return low, high


def _bands(raw: list[dict[str, Any]]) -> tuple[Band, ...]:
    bands = tuple(
        Band(str(band["key"]), str(band["label"]), float(band["low"]), float(band["high"]))
        for band in raw
    )
    edges = [(band.low, band.high) for band in bands]
    joined = all(high == low for (_, high), (low, _) in pairwise(edges))
    if not bands or edges[0][0] != 0 or edges[-1][1] != 1 or not joined:
        raise ModelError(f"The bands in the model's {FILE_NAME} do not cover 0 to 1.")
    return bands


def _pair(raw: list[float]) -> tuple[float, float]:
    low, high = raw
    return float(low), float(high)
