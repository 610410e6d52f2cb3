"""The patient form asks for every input of the table and judges by the one set of rules."""

import pytest
from django.http import QueryDict
from django.utils import translation

from predictions.features import BY_NAME, FEATURES, NAMES, Feature, Kind
from predictions.page.forms import PatientField, PatientForm, hint
from predictions.validation.row import validate_row
from tests.predictions.patients import COMPLETE, MINIMAL

RANGES = {"AGE": (32.0, 70.0), "BMI": (15.54, 56.8)}
NUMBERS = [feature for feature in FEATURES if feature.kind is Kind.NUMBER]
CHOICES = [feature for feature in FEATURES if feature.kind is Kind.CHOICE]


def bound(**changed: str) -> PatientForm:
    form = PatientForm(COMPLETE | changed, ranges=RANGES)
    form.is_valid()
    return form


def test_it_asks_for_every_input_once_in_the_order_of_the_table() -> None:
    groups = PatientForm(ranges={}).groups()
    assert [field.name for group in groups for field in group.fields] == list(NAMES)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_it_shows_the_label_and_the_unit(feature: Feature) -> None:
    field = PatientForm(ranges={}).fields[feature.name]
    assert isinstance(field, PatientField)
    assert (field.label, field.unit) == (feature.label, feature.unit)


@pytest.mark.parametrize("feature", NUMBERS, ids=lambda feature: feature.name)
def test_it_asks_for_numbers_as_text_so_that_a_comma_can_be_typed(feature: Feature) -> None:
    html = str(PatientForm(ranges={})[feature.name])
    assert 'type="text"' in html


def test_it_brings_up_the_keyboard_with_a_decimal_separator_where_decimals_are_usual() -> None:
    form = PatientForm(ranges={})
    modes = {
        name: form.fields[name].widget.attrs["inputmode"] for name in ("AGE", "BMI", "GLUCOSE")
    }
    assert modes == {"AGE": "numeric", "BMI": "decimal", "GLUCOSE": "decimal"}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_it_offers_unknown_exactly_where_the_data_has_it(feature: Feature) -> None:
    html = str(PatientForm(ranges={})[feature.name])
    assert ("unknown" in html.lower()) is feature.unknown_allowed


@pytest.mark.parametrize("feature", CHOICES, ids=lambda feature: feature.name)
def test_it_answers_no_choice_by_itself_but_unknown(feature: Feature) -> None:
    html = str(PatientForm(ranges={})[feature.name])
    assert html.count("checked") == int(feature.unknown_allowed)


def test_it_names_the_limits_and_what_the_model_was_trained_on() -> None:
    assert hint(BY_NAME["AGE"], (32.0, 70.0)) == "18 to 120; the model learned from 32 to 70."


def test_it_names_the_limits_alone_where_there_is_no_model() -> None:
    assert hint(BY_NAME["AGE"], None) == "18 to 120."


def test_it_gives_the_help_of_a_choice_and_no_limits() -> None:
    assert hint(BY_NAME["PREVALENT_HYP"], (0.0, 1.0)) == "Diagnosed, or treated."


def test_it_writes_numbers_as_the_reader_does() -> None:
    with translation.override("fr"):
        assert "15,54" in hint(BY_NAME["BMI"], RANGES["BMI"])


def test_it_accepts_a_complete_patient() -> None:
    form = bound()
    assert form.verdict.values is not None
    assert form.verdict.values.tolist() == [float(value) for value in COMPLETE.values()]


def test_it_accepts_a_patient_of_whom_only_what_is_needed_is_known() -> None:
    form = PatientForm(MINIMAL, ranges={})
    assert form.is_valid()


def test_it_accepts_a_decimal_comma() -> None:
    form = bound(BMI="26,4")
    assert form.is_valid()


def test_it_refuses_an_empty_form_at_every_field_that_needs_an_answer() -> None:
    form = PatientForm(QueryDict(), ranges={})
    form.is_valid()
    assert set(form.errors) == {f.name for f in FEATURES if not f.unknown_allowed}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("AGE", "fifty"),
        ("AGE", "121"),
        ("GENDER", "2"),
        ("TOT_CHOL", "5,2"),
        ("DIA_BP", "150"),
        ("CIGS_PER_DAY", "20"),
        ("BMI", "NaN"),
        ("GLUCOSE", "\x00"),
    ],
)
def test_it_refuses_what_the_rules_refuse_and_keeps_what_was_typed(name: str, typed: str) -> None:
    form = bound(**{name: typed})
    assert list(form.errors) == [r.field for r in validate_row(COMPLETE | {name: typed}).refusals]
    assert form[name].value() == typed


def test_it_says_what_is_wrong_in_the_words_of_the_label() -> None:
    assert bound(AGE="17").errors["AGE"] == ["Age: 17 is below the lowest allowed, 18 years."]


def test_it_ties_the_error_to_its_field_for_screen_readers() -> None:
    html = str(bound(AGE="17")["AGE"])
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_AGE_helptext id_AGE_error"' in html
