"""The table of the 14 inputs: the only place that knows a feature.

The form, the serializer, OpenAPI, the batch validator, the search mappings, the
drift reference, the model card and the docs are made from it. What the model
learned of each input (median, training range) stands in ``model/manifest.json``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(StrEnum):
    """How a value is asked for and which numbers it may take."""

    NUMBER = "number"  # any real number within the limits
    CHOICE = "choice"  # 0 or 1


class Group(StrEnum):
    """Where the form shows a field."""

    PERSON = "person"
    HABITS = "habits"
    HISTORY = "history"
    MEASUREMENTS = "measurements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One input.

    ``low`` and ``high`` are the physiological limits, in ``unit``, both allowed:
    outside them a value is refused. ``unknown_allowed`` says that the value may be
    null and is then imputed. ``choices`` holds the labels of 0 and 1.
    ``mmol_per_mg`` converts mg/dL to mmol/L where clinicians use both.
    """

    name: str
    column: str
    label: Text
    group: Group
    kind: Kind
    low: float
    high: float
    unit: str = ""
    step: float = 1
    unknown_allowed: bool = False
    help: Text = ""
    choices: tuple[Text, Text] | None = None
    example: float = 0
    mmol_per_mg: float | None = None


def _choice(
    name: str,
    column: str,
    label: Text,
    group: Group,
    *,
    choices: tuple[Text, Text] = (_("No"), _("Yes")),
    help: Text = "",
    unknown_allowed: bool = False,
) -> Feature:
    return Feature(
        name=name,
        column=column,
        label=label,
        group=group,
        kind=Kind.CHOICE,
        low=0,
        high=1,
        choices=choices,
        help=help,
        unknown_allowed=unknown_allowed,
    )


FEATURES: Final[tuple[Feature, ...]] = (
    Feature(
        name="AGE",
        column="age",
        label=_("Age"),
        group=Group.PERSON,
        kind=Kind.NUMBER,
        unit="years",
        low=18,
        high=120,
        example=52,
    ),
    _choice("GENDER", "male", _("Sex"), Group.PERSON, choices=(_("Female"), _("Male"))),
    _choice("CURRENT_SMOKER", "currentSmoker", _("Smokes now"), Group.HABITS),
    Feature(
        name="CIGS_PER_DAY",
        column="cigsPerDay",
        label=_("Cigarettes a day"),
        group=Group.HABITS,
        kind=Kind.NUMBER,
        unit="cigarettes/day",
        low=0,
        high=150,
        unknown_allowed=True,
        help=_("0 for a person who does not smoke."),
        example=0,
    ),
    _choice(
        "BP_MEDS",
        "BPMeds",
        _("Takes blood pressure medication"),
        Group.HISTORY,
        unknown_allowed=True,
    ),
    _choice("PREVALENT_STROKE", "prevalentStroke", _("Has had a stroke"), Group.HISTORY),
    _choice(
        "PREVALENT_HYP",
        "prevalentHyp",
        _("Has hypertension"),
        Group.HISTORY,
        help=_("Diagnosed, or treated."),
    ),
    _choice("DIABETES", "diabetes", _("Has diabetes"), Group.HISTORY),
    Feature(
        name="TOT_CHOL",
        column="totChol",
        label=_("Total cholesterol"),
        group=Group.MEASUREMENTS,
        kind=Kind.NUMBER,
        unit="mg/dL",
        low=50,
        high=1000,
        unknown_allowed=True,
        example=236,
        mmol_per_mg=0.02586,
    ),
    Feature(
        name="SYS_BP",
        column="sysBP",
        label=_("Systolic blood pressure"),
        group=Group.MEASUREMENTS,
        kind=Kind.NUMBER,
        unit="mmHg",
        low=60,
        high=300,
        step=0.5,
        example=134,
    ),
    Feature(
        name="DIA_BP",
        column="diaBP",
        label=_("Diastolic blood pressure"),
        group=Group.MEASUREMENTS,
        kind=Kind.NUMBER,
        unit="mmHg",
        low=30,
        high=200,
        step=0.5,
        help=_("Below the systolic pressure."),
        example=84,
    ),
    Feature(
        name="BMI",
        column="BMI",
        label=_("Body mass index"),
        group=Group.MEASUREMENTS,
        kind=Kind.NUMBER,
        unit="kg/m²",
        low=10,
        high=100,
        step=0.01,
        unknown_allowed=True,
        help=_("Weight in kilograms divided by the square of height in metres."),
        example=26.4,
    ),
    Feature(
        name="HEART_RATE",
        column="heartRate",
        label=_("Heart rate"),
        group=Group.MEASUREMENTS,
        kind=Kind.NUMBER,
        unit="beats/min",
        low=20,
        high=250,
        unknown_allowed=True,
        help=_("At rest."),
        example=75,
    ),
    Feature(
        name="GLUCOSE",
        column="glucose",
        label=_("Glucose"),
        group=Group.MEASUREMENTS,
        kind=Kind.NUMBER,
        unit="mg/dL",
        low=30,
        high=1000,
        unknown_allowed=True,
        example=82,
        mmol_per_mg=0.05551,
    ),
)

NAMES: Final[tuple[str, ...]] = tuple(feature.name for feature in FEATURES)
BY_NAME: Final[dict[str, Feature]] = {feature.name: feature for feature in FEATURES}
INDEX: Final[dict[str, int]] = {name: column for column, name in enumerate(NAMES)}
EXAMPLE: Final[dict[str, float]] = {feature.name: feature.example for feature in FEATURES}
