"""The table of the 14 derived features: what they are, why, and where they come from.

``derivation.py`` computes them in this order. ``formula`` is read by people in
``docs/features.md`` and evaluated by a test against what ``derivation.py`` computes.
"""

from dataclasses import dataclass
from typing import Final

from predictions.features import NAMES

# Inputs that, all else equal, never lower the risk when they rise.
RISING: Final = frozenset(
    {
        "AGE",
        "CURRENT_SMOKER",
        "CIGS_PER_DAY",
        "PREVALENT_STROKE",
        "PREVALENT_HYP",
        "DIABETES",
        "TOT_CHOL",
        "SYS_BP",
        "GLUCOSE",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """One derived feature.

    ``formula`` is an expression of the inputs' names, with ``log`` (natural), ``min``,
    ``max`` and ``stage``. It never falls when an input of ``RISING`` rises, so that a
    coefficient of at least zero keeps the risk from falling too.
    """

    name: str
    formula: str
    inputs: tuple[str, ...]
    unit: str
    why: str
    source: str
    # Of a feature that counts stages: every value it can take.
    categories: tuple[int, ...] = ()


_DAGOSTINO: Final = "D'Agostino et al., Circulation 2008;117:743-753"
_WILSON: Final = "Wilson et al., Circulation 1998;97:1837-1847"
_WHELTON: Final = "Whelton et al. (ACC/AHA guideline), Hypertension 2018;71:e13-e115"

DERIVED: Final[tuple[Derived, ...]] = (
    Derived(
        name="PULSE_PRESSURE",
        formula="SYS_BP - DIA_BP",
        inputs=("SYS_BP", "DIA_BP"),
        unit="mmHg",
        why="Stiff large arteries widen it.",
        source="Franklin et al., Circulation 1999;100:354-360",
    ),
    Derived(
        name="MEAN_ARTERIAL_PRESSURE",
        formula="DIA_BP + (SYS_BP - DIA_BP) / 3",
        inputs=("SYS_BP", "DIA_BP"),
        unit="mmHg",
        why="The steady part of the pressure load.",
        source="Sesso et al., Hypertension 2000;36:801-807",
    ),
    Derived(
        name="HYPERTENSION_STAGE",
        formula="stage(SYS_BP, DIA_BP)",
        inputs=("SYS_BP", "DIA_BP"),
        unit="stage",
        why=(
            "0 normal; 1 elevated, systolic from 120; 2 stage 1, from 130 or diastolic from 80; "
            "3 stage 2, from 140 or 90; 4 from 180 or 120 mmHg."
        ),
        source=_WHELTON,
        categories=(0, 1, 2, 3, 4),
    ),
    Derived(
        name="AGE_PULSE_PRESSURE",
        formula="AGE * (SYS_BP - DIA_BP) / 100",
        inputs=("AGE", "SYS_BP", "DIA_BP"),
        unit="years × mmHg / 100",
        why="Pulse pressure takes over from diastolic pressure as the predictor after 50 to 60.",
        source="Franklin et al., Circulation 2001;103:1245-1249",
    ),
    Derived(
        name="PACK_LOAD",
        formula="CIGS_PER_DAY / 20 * (AGE - 18)",
        inputs=("CIGS_PER_DAY", "AGE"),
        unit="pack-years",
        why="Packs a day times the years since 18: an upper estimate of pack-years.",
        source="Lubin and Caporaso, Cancer Epidemiol Biomarkers Prev 2006;15:517-523",
    ),
    Derived(
        name="LOG_AGE",
        formula="log(AGE)",
        inputs=("AGE",),
        unit="log years",
        why="Age enters the Framingham functions as its logarithm.",
        source=_DAGOSTINO,
    ),
    Derived(
        name="AGE_RECIPROCAL",
        formula="-1000 / AGE",
        inputs=("AGE",),
        unit="-1000 / years",
        why="Each further year adds less; a power of -1 bends more than the logarithm.",
        source="Royston and Altman, Appl Stat 1994;43:429-467 (fractional polynomials)",
    ),
    Derived(
        name="AGE_TO_50",
        formula="min(AGE, 50)",
        inputs=("AGE",),
        unit="years",
        why="The risk grows faster before 50 than after: a slope of its own for those years.",
        source="Harrell, Regression Modeling Strategies, 2015, section 2.4 (linear splines)",
    ),
    Derived(
        name="LOG_CIGS_PER_DAY",
        formula="log(1 + CIGS_PER_DAY)",
        inputs=("CIGS_PER_DAY",),
        unit="log cigarettes/day",
        why="The first few cigarettes a day do most of the harm.",
        source="Hackshaw et al., BMJ 2018;360:j5855",
    ),
    Derived(
        name="MALE_SYS_BP",
        formula="GENDER * SYS_BP",
        inputs=("GENDER", "SYS_BP"),
        unit="mmHg",
        why="The functions for men and women weigh pressure differently.",
        source=_DAGOSTINO,
    ),
    Derived(
        name="MALE_PULSE_PRESSURE",
        formula="GENDER * (SYS_BP - DIA_BP)",
        inputs=("GENDER", "SYS_BP", "DIA_BP"),
        unit="mmHg",
        why="Pressure weighs differently in men, its pulse as well as its height.",
        source=_DAGOSTINO,
    ),
    Derived(
        name="MALE_TOT_CHOL",
        formula="GENDER * TOT_CHOL",
        inputs=("GENDER", "TOT_CHOL"),
        unit="mg/dL",
        why="The functions for men and women weigh cholesterol differently.",
        source=_WILSON,
    ),
    Derived(
        name="GLUCOSE_EXCESS",
        formula="max(GLUCOSE - 100, 0)",
        inputs=("GLUCOSE",),
        unit="mg/dL",
        why="How far glucose lies above normal fasting values.",
        source="American Diabetes Association, Diabetes Care 2010;33(Suppl 1):S62-S69",
    ),
    Derived(
        name="UNDERWEIGHT",
        formula="max(18.5 - BMI, 0)",
        inputs=("BMI",),
        unit="kg/m²",
        why="Risk rises again below a body mass index of 18.5.",
        source="WHO Technical Report Series 894, 2000",
    ),
)

ALL_NAMES: Final[tuple[str, ...]] = (*NAMES, *(derived.name for derived in DERIVED))


def inputs_of(name: str) -> tuple[str, ...]:
    """The inputs behind one of the 28 features; an input's is itself."""
    return next((derived.inputs for derived in DERIVED if derived.name == name), (name,))
