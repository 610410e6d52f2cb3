"""The reliability plot of the model card: what was predicted beside what happened."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.training.framingham import TrainingError

_GROUPS: Final = 10
_Z95: Final = 1.959964
# An id, date or software version in the file would differ from one training to the next.
_SETTINGS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "heartrisk",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
}
_METADATA: Final = {"Date": None, "Creator": "heartrisk"}


def tenths(
    probability: FloatArray, outcome: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean probability, observed share and people in each tenth of the predictions, (10,) each."""
    parts = np.array_split(np.argsort(probability, kind="stable"), _GROUPS)
    columns = [(probability[part].mean(), outcome[part].mean(), float(len(part))) for part in parts]
    predicted, observed, people = np.array(columns).T
    return predicted, observed, people


def wilson(observed: FloatArray, people: FloatArray) -> tuple[FloatArray, FloatArray]:
    """95 % limits of a share (Wilson, J Am Stat Assoc 1927;22:209-212)."""
    square = _Z95**2 / people
    middle = (observed + square / 2) / (1 + square)
    half = _Z95 * np.sqrt(observed * (1 - observed) / people + square / people / 4) / (1 + square)
    return middle - half, middle + half


def draw(path: Path, probability: FloatArray, outcome: FloatArray) -> None:
    """Writes an SVG. Raises ``TrainingError`` without matplotlib."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        raise TrainingError(
            "The reliability plot needs matplotlib, which is not installed; "
            "`make train` installs it."
        ) from None
    predicted, observed, people = tenths(probability, outcome)
    low, high = wilson(observed, people)
    with rc_context(_SETTINGS):
        figure = Figure(figsize=(5.2, 5.2), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 0.5], [0, 0.5], color="0.6", linestyle="--", label="perfect")
        axes.errorbar(
            predicted,
            observed,
            yerr=np.vstack([observed - low, high - observed]),
            fmt="o",
            color="#1f5a8a",
            capsize=3,
            label="tenths of the people, 95 % limits",
        )
        axes.set(
            xlim=(0, 0.5),
            ylim=(0, 0.5),
            xlabel="Predicted 10-year risk (out of fold)",
            ylabel="Observed share with coronary heart disease",
        )
        axes.legend(loc="upper left", frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, format="svg", metadata=_METADATA)
