import numpy as np
import pytest

from predictions.training.fit import learn_filling
from predictions.training.metrics import auc, brier
from predictions.training.published import office_based_risk
from tests.predictions.models import row, rows


def test_it_gives_the_known_figures_on_the_training_rows() -> None:
    risk = office_based_risk(learn_filling(rows().inputs).fill(rows().inputs))
    assert auc(risk, rows().outcome) == pytest.approx(0.7174, abs=5e-5)
    assert brier(risk, rows().outcome) == pytest.approx(0.1187, abs=5e-5)


@pytest.mark.parametrize(
    ("changes", "percent"),
    [
        ({"GENDER": 1, "AGE": 55, "BMI": 30, "SYS_BP": 140}, 16.75),
        ({"GENDER": 0, "AGE": 45, "BMI": 27, "SYS_BP": 125, "BP_MEDS": 1}, 4.91),
    ],
)
def test_it_agrees_with_the_r_package_cvrisk(changes: dict[str, float], percent: float) -> None:
    """Expected values of ``ascvd_10y_frs_simple`` in that package's own tests."""
    assert office_based_risk(row(**changes)[np.newaxis])[0] * 100 == pytest.approx(
        percent, abs=5e-3
    )


def test_treated_pressure_means_more_risk() -> None:
    untreated, treated = office_based_risk(np.vstack([row(BP_MEDS=0), row(BP_MEDS=1)]))
    assert treated > untreated
