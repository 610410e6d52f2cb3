"""The patient form, made from the table of inputs; ``validation`` alone judges it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from predictions.features import BY_NAME, FEATURES, NAMES, Feature, Group, Kind, Text
from predictions.page.presentation import short
from predictions.validation.row import Verdict, validate_row

# Name of an input -> least and greatest value the model was trained on, in the input's unit.
Ranges = Mapping[str, tuple[float, float]]

GROUP_TITLES: Final[dict[Group, Text]] = {
    Group.PERSON: _("Person"),
    Group.HABITS: _("Habits"),
    Group.HISTORY: pgettext_lazy("medical", "History"),
    Group.MEASUREMENTS: _("Measurements"),
}


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields shown together under one title."""

    key: str
    title: Text
    fields: list[forms.BoundField]


class PatientField(forms.Field):
    """One input. It keeps what was typed, as it was typed, and has no rules of its own."""

    def __init__(self, feature: Feature, trained_on: tuple[float, float] | None) -> None:
        super().__init__(
            required=False,
            widget=_radios(feature) if feature.kind is Kind.CHOICE else _number(feature),
            label=str(feature.label),
            help_text=hint(feature, trained_on),
        )
        self.answer_needed = not feature.unknown_allowed
        self.unit = gettext(feature.unit) if feature.unit else ""


class PatientForm(forms.Form):
    """The 14 inputs. After ``is_valid()``, ``verdict`` is what the rules said of them."""

    verdict: Verdict

    def __init__(self, data: Mapping[str, Any] | None = None, *, ranges: Ranges) -> None:
        super().__init__(data)
        for feature in FEATURES:
            self.fields[feature.name] = PatientField(feature, ranges.get(feature.name))

    def clean(self) -> dict[str, Any]:
        self.verdict = validate_row({name: self.cleaned_data[name] for name in NAMES})
        typed = dict(self.cleaned_data)
        for refusal in self.verdict.refusals:
            label = str(BY_NAME[refusal.field].label)
            self.add_error(refusal.field, refusal.text(label))
        return typed

    def groups(self) -> Iterator[FieldGroup]:
        """The fields in the order of the table, under the titles of their groups."""
        for group, title in GROUP_TITLES.items():
            members = [self[feature.name] for feature in FEATURES if feature.group is group]
            yield FieldGroup(group.value, title, members)


def hint(feature: Feature, trained_on: tuple[float, float] | None) -> str:
    """What may be entered: the input's help, its limits, the range of the training data."""
    sentences = [str(feature.help)] if feature.help else []
    if feature.kind is Kind.NUMBER:
        limits = {"low": short(feature.low), "high": short(feature.high)}
        if trained_on is None:
            sentences.append(gettext("%(low)s to %(high)s.") % limits)
        else:
            least, greatest = map(short, trained_on)
            sentence = gettext("%(low)s to %(high)s; the model learned from %(from)s to %(to)s.")
            sentences.append(sentence % {**limits, "from": least, "to": greatest})
    return " ".join(sentences)


def _number(feature: Feature) -> forms.Widget:
    """Text, so that a decimal comma can be typed; phones show their numeric keyboard."""
    # Cholesterol in mmol/L has decimals; its refusal explains the unit, so let it be typed.
    whole = float(feature.step).is_integer() and feature.mmol_per_mg is None
    attrs = {"inputmode": "numeric" if whole else "decimal", "autocomplete": "off"}
    if feature.unknown_allowed:
        attrs["placeholder"] = str(_("unknown"))
    else:
        attrs["aria-required"] = "true"
    return forms.TextInput(attrs=attrs)


def _radios(feature: Feature) -> forms.Widget:
    labels = feature.choices or ()
    choices = [(str(value), label) for value, label in enumerate(labels)]
    if feature.unknown_allowed:
        choices.append(("", _("Unknown")))
    return forms.RadioSelect(choices=choices)
