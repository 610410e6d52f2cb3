"""``MODEL_CARD.md``: the manifest in plain language."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from predictions.features import BY_NAME, FEATURES
from predictions.risk.derived import DERIVED, RISING

PLOT_FILE_NAME: Final = "reliability.svg"

_FIGURES: Final = {
    "auc": "AUC",
    "brier": "Brier score",
    "calibration_slope": "Calibration slope",
    "calibration_intercept": "Calibration intercept",
    "observed_expected": "Observed / expected",
}
_AT_THRESHOLD: Final = {
    "sensitivity": "Sensitivity: YES among those who fell ill",
    "specificity": "Specificity: NO among those who did not",
    "ppv": "Positive predictive value: fell ill among YES",
    "npv": "Negative predictive value: stayed free among NO",
}
_USE: Final = """\
## What it is for

It estimates the chance that a person of about 30 to 70 years without coronary heart disease gets it
within 10 years, from 14 measurements, as an aid to a talk between a clinician and that person, and
for teaching and research on such estimates.

## What it is not for

- Deciding on treatment by itself, triage, insurance or employment.
- People who already have coronary heart disease, pregnant people, children, or anyone far outside
  the training ranges below (the site then warns).
- Reading contributions as effects: the figures are associations. Lowering an input in the form does
  not show what treatment would do.
- Other endpoints: stroke, heart failure or any cardiovascular disease are not what it predicts.
"""
_LIMITS: Final = """\
## Limits

- **One place.** All people came from Framingham, Massachusetts, nearly all of them white: for other
  populations the estimate may be too high or too low, and nothing here can tell by how much.
- **Another time.** They were examined before statins and most of today's blood pressure drugs, when
  nearly half of them smoked. Coronary disease has since become rarer: the estimate is likely too
  high for people today, until it is recalibrated.
- **What is missing.** HDL cholesterol, family history, kidney function, lipid drugs, social
  circumstances.
- **Few cases of some kinds.** {strokes} people had had a stroke, {diabetes} had diabetes, {treated}
  took blood pressure drugs: what the model says of them rests on little.
- **Beyond the data.** The estimate stays ordered and within 0 to 1 everywhere in the accepted
  limits, but outside the training ranges nobody has checked it.
- **No outside validation.** The figures come from cross-validation on the same people.
"""


def model_card(manifest: Mapping[str, Any]) -> str:
    """The whole card from the manifest alone."""
    metrics = manifest["metrics"]
    parts = [
        _opening(manifest),
        _USE,
        _data(manifest),
        _features(manifest),
        _how_good(metrics),
        _groups(metrics),
        _comparison(metrics),
        _threshold_and_bands(manifest),
        _face_validity(),
        _limits(manifest),
    ]
    return "\n".join(parts)


def _limits(manifest: Mapping[str, Any]) -> str:
    cases = manifest["training_data"]["cases"]
    return _LIMITS.format(
        strokes=cases["PREVALENT_STROKE"], diabetes=cases["DIABETES"], treated=cases["BP_MEDS"]
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _opening(manifest: Mapping[str, Any]) -> str:
    return f"""\
# Model card

**{manifest["endpoint"]}**: {manifest["endpoint_detail"]}.

Version `{manifest["model_version"]}`. Licence {manifest["licence"]}, as the data.
A logistic regression on 28 standardised features (scikit-learn {manifest["scikit_learn"]}),
fitted with a ridge penalty (C = {manifest["estimator"]["C"]}) and clinically signed coefficients
bounded at zero; no resampling and no class weights, so that its output is a probability. Why so:
`docs/adr/0002-model.md`. Written by `make train` from `manifest.json`; do not edit.
"""


def _data(manifest: Mapping[str, Any]) -> str:
    data = manifest["training_data"]
    missing = ", ".join(f"{name} {count}" for name, count in data["missing"].items())
    return f"""\
## Data

{data["rows"]:,} people of the Framingham Heart Study, {data["events"]} of whom got coronary heart
disease within 10 years ({data["events"] / data["rows"]:.1%}): {data["source"]},
sha256 `{data["sha256"]}`.
The column `education` is left out: it is no measurement of the body and its meaning is bound to
that place and time. Unknown in the data: {missing}. They are filled with the training median, and
cigarettes a day by smoking status: 0, or {manifest["smokers_cigarettes"]:g}.
"""


def _features(manifest: Mapping[str, Any]) -> str:
    estimator = manifest["estimator"]["features"]
    ranges, medians = manifest["training_ranges"], manifest["medians"]
    inputs = (
        [
            f.name,
            f.unit or "0/1",
            f"{ranges[f.name][0]:g} to {ranges[f.name][1]:g}",
            f"{medians[f.name]:g}",
            f"{estimator[f.name]['coefficient']:.4f}",
        ]
        for f in FEATURES
    )
    derived = (
        [row.name, f"`{row.formula}`", f"{estimator[row.name]['coefficient']:.4f}"]
        for row in DERIVED
    )
    coefficient = "coefficient per SD"
    return f"""\
## Features

{_table(["input", "unit", "training range", "median", coefficient], inputs)}
{_table(["derived", "formula", coefficient], derived)}
The coefficients of features that share an input are to be read together. Sources of the formulas:
`docs/features.md`.
"""


def _how_good(metrics: Mapping[str, Any]) -> str:
    rows = (
        [label, f"{metrics['overall'][name]['mean']:.4f}", f"{metrics['overall'][name]['sd']:.4f}"]
        for name, label in _FIGURES.items()
    )
    return f"""\
## How good it is

By {metrics["method"]}: each person is predicted by models that never saw them, medians and scaling
learned anew each time. Mean and standard deviation over the test folds:

{_table(["figure", "mean", "SD"], rows)}
AUC: the chance that, of one person who fell ill and one who did not, the first was given the higher
risk. Brier score: mean squared error, lower is better. Slope 1, intercept 0 and observed / expected
1 are perfect calibration. The feature set and C were chosen with the same rows, so the figures
are slightly too good: `docs/adr/0002-model.md` says how much.

![Predicted beside observed risk in tenths of the people]({PLOT_FILE_NAME})
"""


def _interval(figure: Mapping[str, float], digits: int = 3) -> str:
    value, low, high = (figure[part] for part in ("value", "low", "high"))
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _group_row(name: str, group: Mapping[str, Any]) -> list[str]:
    figures = [_interval(group[figure]) for figure in _FIGURES]
    return [name, str(group["people"]), str(group["events"]), *figures]


def _groups(metrics: Mapping[str, Any]) -> str:
    rows = [_group_row(name, group) for name, group in metrics["groups"].items()]
    return f"""\
## By sex and by age

Each person's mean out-of-fold probability; 95 % bootstrap intervals.

{_table(["group", "people", "events", *_FIGURES.values()], rows)}
Within an age band the AUC is lower, because age, the strongest predictor, hardly varies there.
"""


def _comparison(metrics: Mapping[str, Any]) -> str:
    rows = [
        _group_row("this model, out of fold", metrics["pooled"]),
        _group_row("Framingham office-based function", metrics["published"]),
    ]
    return f"""\
## Beside the published function

The office-based general cardiovascular risk function with body mass index (D'Agostino et al.,
Circulation 2008;117:743-753) on the same rows. It predicts a wider endpoint, so its calibration
here is no fault of its own; the AUC may be compared.

{_table(["function", "people", "events", *_FIGURES.values()], rows)}"""


def _threshold_and_bands(manifest: Mapping[str, Any]) -> str:
    at_threshold = manifest["metrics"]["at_threshold"]
    rows = ([label, _interval(at_threshold[name])] for name, label in _AT_THRESHOLD.items())
    bands = (
        [band["label"], f"from {band['low']:.0%} to below {band['high']:.0%}"]
        for band in manifest["bands"]
    )
    return f"""\
## Threshold and bands

The answer is YES from a probability of {manifest["threshold"]:.0%}:
{manifest["threshold_choice"]}.
It is a statistical choice, not a treatment threshold. Out of fold, with 95 % bootstrap intervals:

{_table(["at the threshold", "share"], rows)}
{_table(["band", "10-year risk"], bands)}
Bands: {manifest["bands_source"]}.
They belong to this endpoint; bands of other calculators (PREVENT, pooled cohort equations, SCORE2)
are for other endpoints. 100 % itself belongs to the last band.
"""


def _face_validity() -> str:
    names = ", ".join(feature for feature in BY_NAME if feature in RISING)
    return f"""\
## Face validity

With all else equal, raising one of {names}
never lowers the estimate, anywhere in the accepted limits; a test checks every row of the data.
"""
