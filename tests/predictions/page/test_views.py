"""The form page, as browsers and htmx see it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from predictions.features import NAMES
from predictions.page.views import HTMX_CONFIG, home
from predictions.risk.predictor import get_predictor
from predictions.training.framingham import load_rows
from predictions.transaction import Transaction, transaction_of
from tests.pages import text_of
from tests.predictions.patients import COMPLETE, MINIMAL

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HTMX = HTML | {"HX-Request": "true"}


def posted(data: dict[str, str]) -> tuple[HttpResponse, Transaction]:
    """The answer to the form, and what its transaction tells the log."""
    request = RequestFactory().post("/", data, headers=HTMX)
    return home(request), transaction_of(request)


# --- Which answer -------------------------------------------------------------


def test_it_shows_the_form_to_a_browser(client: Client) -> None:
    response = client.get("/", headers=HTML)
    assert "Calculate the risk" in text_of(response.content)


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_it_answers_other_clients_with_the_root_of_the_api(client: Client, accept: str) -> None:
    response = client.get("/", headers={"Accept": accept})
    assert response.json()["name"] == "heartrisk"


def test_it_tells_caches_what_its_answer_depends_on(client: Client) -> None:
    vary = client.get("/", headers=HTML)["Vary"]
    assert {"Accept", "HX-Request", "Accept-Language", "Cookie"} <= set(vary.split(", "))


def test_it_refuses_other_methods(client: Client) -> None:
    assert client.delete("/", headers=HTML).status_code == 405


def test_it_shows_what_the_model_was_trained_on_beside_each_field(client: Client) -> None:
    low, high = get_predictor().manifest.training_ranges["AGE"]
    assert f"the model learned from {low:g} to {high:g}." in text_of(
        client.get("/", headers=HTML).content
    )


# --- The result ---------------------------------------------------------------


def test_it_answers_htmx_with_the_changed_parts_only(client: Client) -> None:
    response = client.post("/", COMPLETE, headers=HTMX)
    assert response.status_code == 200
    assert "<html" not in response.content.decode()


def test_it_answers_a_browser_without_javascript_with_the_whole_page(client: Client) -> None:
    response = client.post("/", COMPLETE, headers=HTML)
    assert "</html>" in response.content.decode()
    assert "of 100 people like this" in text_of(response.content)


def test_it_shows_the_same_result_with_and_without_htmx(client: Client) -> None:
    pages = [text_of(client.post("/", COMPLETE, headers=kind).content) for kind in (HTML, HTMX)]
    shown = [re.search(r"About .* within 10 years\.", page) for page in pages]
    assert shown[0] is not None
    assert shown[0].group() == getattr(shown[1], "group", str)()


def test_it_shows_the_percentage_of_the_model(client: Client) -> None:
    values = np.array([float(value) for value in COMPLETE.values()])
    percent = f"{get_predictor().predict(values).probability * 100:.1f}%"
    assert percent in text_of(client.post("/", COMPLETE, headers=HTMX).content)


def test_it_draws_one_icon_for_each_of_100_people(client: Client) -> None:
    response = client.post("/", COMPLETE, headers=HTMX)
    affected = response.context["result"].affected
    page = response.content.decode()
    assert (page.count('class="affected"'), page.count('class="spared"')) == (
        affected,
        100 - affected,
    )


def test_it_shows_where_the_bands_and_the_endpoint_come_from(client: Client) -> None:
    manifest = get_predictor().manifest
    page = text_of(client.post("/", COMPLETE, headers=HTMX).content)
    assert manifest.raw["bands_source"] in page
    assert manifest.raw["endpoint_detail"][1:] in page


def test_it_names_what_was_not_known_with_the_value_used(client: Client) -> None:
    page = text_of(client.post("/", MINIMAL, headers=HTMX).content)
    median = get_predictor().manifest.medians["GLUCOSE"]
    assert f"Glucose: {median:g} mg/dL" in page


def test_it_writes_a_choice_that_was_not_known_in_words(client: Client) -> None:
    page = text_of(client.post("/", MINIMAL, headers=HTMX).content)
    assert "Takes blood pressure medication: No" in page


def test_it_warns_of_a_value_the_model_was_not_trained_on(client: Client) -> None:
    page = text_of(client.post("/", COMPLETE | {"AGE": "90"}, headers=HTMX).content)
    assert "Outside what the model learned from" in page
    assert "90, outside the 32 to 70 years" in page


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"AGE": "35", "SYS_BP": "110", "DIA_BP": "70"}, "the model's answer is NO"),
        ({"AGE": "70", "GENDER": "1", "SYS_BP": "200"}, "the model's answer is YES"),
    ],
)
def test_it_says_what_the_threshold_means(
    client: Client, changed: dict[str, str], answer: str
) -> None:
    assert answer in text_of(client.post("/", COMPLETE | changed, headers=HTMX).content)


def test_it_shows_the_transaction_and_the_version_of_the_model(client: Client) -> None:
    response = client.post("/", COMPLETE, headers=HTMX)
    page = text_of(response.content)
    assert response["X-Transaction-ID"] in page
    assert get_predictor().model_version in page


def test_it_gives_fifty_people_the_same_number_as_the_api(client: Client) -> None:
    chosen = load_rows().inputs[:: 4240 // 50][:50]
    for row in chosen.tolist():
        known = {name: value for name, value in zip(NAMES, row, strict=True) if value == value}
        page = client.post("/", {k: f"{v:g}" for k, v in known.items()}, headers=HTMX)
        api = client.post("/predict", json.dumps(known), content_type="application/json")
        probability = page.context["result"].prediction.probability
        assert probability == pytest.approx(api.json()["probability"], abs=1e-12)


# --- Refusals -----------------------------------------------------------------


@pytest.mark.parametrize("headers", [HTML, HTMX], ids=["page", "htmx"])
def test_it_refuses_a_form_with_errors(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/", COMPLETE | {"AGE": "200"}, headers=headers)
    assert response.status_code == 422
    assert "One answer needs another look" in text_of(response.content)


def test_it_links_each_error_to_its_field(client: Client) -> None:
    wrong = COMPLETE | {"AGE": "200", "GENDER": ""}
    page = client.post("/", wrong, headers=HTMX).content.decode()
    targets = re.findall(r'<a href="#(id_[^"]+)">', page)
    assert targets == ["id_AGE", "id_GENDER_0"]
    assert all(f'id="{target}"' in page for target in targets)


def test_it_keeps_what_was_typed_and_writes_it_safely(client: Client) -> None:
    response = client.post("/", COMPLETE | {"AGE": '"><script>'}, headers=HTML)
    assert 'value="&quot;&gt;&lt;script&gt;"' in response.content.decode()


def test_it_lets_htmx_show_refusals_and_error_pages() -> None:
    rules = json.loads(HTMX_CONFIG)["responseHandling"]
    first = {status: next(r for r in rules if re.search(r["code"], status)) for status in STATUSES}
    assert all(rule["swap"] for rule in first.values())
    assert first["422"].get("select") is None
    assert first["500"]["select"] == "#message"


STATUSES = ("200", "400", "403", "404", "413", "422", "500", "503")


def test_it_answers_503_where_the_model_cannot_be_used(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MODEL_PATH = str(tmp_path / "nothing.pkl")
    response = client.post("/", COMPLETE, headers=HTMX)
    assert response.status_code == 503
    assert "No risk can be calculated at the moment" in text_of(response.content)


def test_it_still_shows_the_form_where_the_model_cannot_be_used(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MODEL_PATH = str(tmp_path / "nothing.pkl")
    assert "18 to 120." in text_of(client.get("/", headers=HTML).content)


# --- What the log gets ----------------------------------------------------------


def test_it_tells_the_log_what_was_asked_and_answered() -> None:
    _, transaction = posted(MINIMAL)
    assert transaction.input_data is not None
    assert transaction.input_data["GLUCOSE"] is None
    assert transaction.result is not None
    assert transaction.result["model_version"] == transaction.model_version


def test_it_tells_the_log_what_was_refused() -> None:
    _, transaction = posted(COMPLETE | {"AGE": "x" * 100})
    assert transaction.invalid_input == [
        {"field": "AGE", "value": "x" * 32, "reason": "not_a_number"}
    ]
    assert transaction.result is None


# --- Who may ----------------------------------------------------------------------


@pytest.fixture
def closed(settings: Settings) -> None:
    settings.PUBLIC_PREDICTIONS = False


@pytest.mark.usefixtures("closed")
def test_it_sends_strangers_to_sign_in_where_it_is_not_public(client: Client) -> None:
    response = client.get("/", headers=HTML)
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/")


@pytest.mark.usefixtures("closed")
def test_it_tells_htmx_that_a_session_has_ended(client: Client) -> None:
    response = client.post("/", COMPLETE, headers=HTMX)
    assert response.status_code == 403
    assert 'id="message"' in response.content.decode()


@pytest.mark.usefixtures("closed")
def test_it_predicts_for_who_is_signed_in(client: Client) -> None:
    client.force_login(User.objects.create_user("nurse"))
    assert client.post("/", COMPLETE, headers=HTMX).status_code == 200


def test_it_refuses_a_form_from_elsewhere() -> None:
    response = Client(enforce_csrf_checks=True).post("/", COMPLETE, headers=HTML)
    assert response.status_code == 403
    assert "The form was open for too long" in text_of(response.content)


# --- Languages ----------------------------------------------------------------------


def test_it_speaks_the_language_the_browser_asks_for(client: Client) -> None:
    page = text_of(client.get("/", headers=HTML | {"Accept-Language": "fr-CH"}).content)
    assert "Calculer le risque" in page


def test_it_keeps_the_language_that_was_chosen(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "fr", "next": "/"})
    assert "Calculer le risque" in text_of(client.get("/", headers=HTML).content)


def test_it_writes_french_numbers_in_french(client: Client) -> None:
    response = client.post("/", COMPLETE, headers=HTMX | {"Accept-Language": "fr"})
    # A decimal comma, and the narrow blank that French puts before a percent sign.
    assert re.search("\\d,\\d\u202f%", response.content.decode())
