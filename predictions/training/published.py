"""The published function the model is compared with, on the same rows."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import INDEX


@dataclass(frozen=True, slots=True)
class _Coefficients:
    age: float
    bmi: float
    untreated: float
    treated: float
    smoker: float
    diabetes: float
    mean: float
    survival: float


# D'Agostino et al., Circulation 2008;117:743-753, Table 4 (body mass index in place of lipids).
_WOMEN: Final = _Coefficients(
    age=2.72107,
    bmi=0.51125,
    untreated=2.81291,
    treated=2.88267,
    smoker=0.61868,
    diabetes=0.77763,
    mean=26.0145,
    survival=0.94833,
)
_MEN: Final = _Coefficients(
    age=3.11296,
    bmi=0.79277,
    untreated=1.85508,
    treated=1.92672,
    smoker=0.70953,
    diabetes=0.53160,
    mean=23.9388,
    survival=0.88431,
)


def office_based_risk(complete: FloatArray) -> FloatArray:
    """(n,) 10-year risk of general cardiovascular disease from (n, 14) complete inputs."""
    male = complete[:, INDEX["GENDER"]] == 1
    return np.where(male, _risk(complete, _MEN), _risk(complete, _WOMEN))


def _risk(complete: FloatArray, sex: _Coefficients) -> FloatArray:
    def column(name: str) -> FloatArray:
        return complete[:, INDEX[name]]

    pressure = np.where(column("BP_MEDS") == 1, sex.treated, sex.untreated)
    score = (
        sex.age * np.log(column("AGE"))
        + sex.bmi * np.log(column("BMI"))
        + pressure * np.log(column("SYS_BP"))
        + sex.smoker * column("CURRENT_SMOKER")
        + sex.diabetes * column("DIABETES")
    )
    risk: FloatArray = 1 - sex.survival ** np.exp(score - sex.mean)
    return risk
