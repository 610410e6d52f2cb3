"""The admin: accounts, tokens, and the model's manifest for reading only."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django.fixtures import Settings

from predictions.features import FEATURES
from predictions.models import ModelManifest
from predictions.risk.predictor import get_predictor
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

PAGE = "/admin/predictions/modelmanifest/"


@pytest.fixture
def staff(client: Client, db: None) -> User:
    """Signed in, with no permission yet."""
    user = User.objects.create_user("reader", is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def reader(staff: User) -> User:
    """Signed in, may view the manifest."""
    staff.user_permissions.add(Permission.objects.get(codename="view_modelmanifest"))
    return staff


def test_it_lists_users_groups_tokens_and_the_manifest(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()
    models = ("auth/user", "auth/group", "authtoken/tokenproxy", "predictions/modelmanifest")
    assert all(f'href="/admin/{model}/"' in page for model in models)


def test_it_bears_the_sites_name(admin_client: Client) -> None:
    assert "heartrisk administration" in text_of(admin_client.get("/admin/").content)


@pytest.mark.usefixtures("reader")
def test_it_shows_which_file_is_in_use(client: Client) -> None:
    manifest = get_predictor().manifest
    page = text_of(client.get(PAGE).content)
    assert manifest.sha256 in page
    assert manifest.model_version in page


@pytest.mark.usefixtures("reader")
def test_it_shows_every_input_with_its_training_range(client: Client) -> None:
    page = text_of(client.get(PAGE).content)
    low, high = get_predictor().manifest.training_ranges["SYS_BP"]
    assert all(feature.name in page for feature in FEATURES)
    assert f"{low:g} mmHg {high:g} mmHg" in page


@pytest.mark.usefixtures("reader")
def test_it_shows_the_bands(client: Client) -> None:
    band = get_predictor().manifest.bands[0]
    assert f"{band.label} 0% {band.high * 100:g}%" in text_of(client.get(PAGE).content)


@pytest.mark.usefixtures("reader")
def test_it_shows_the_measured_figures_with_their_spread(client: Client) -> None:
    auc = get_predictor().manifest.raw["metrics"]["overall"]["auc"]
    page = text_of(client.get(PAGE).content)
    assert f"AUC {auc['mean']:g} ± {auc['sd']:g}" in page


@pytest.mark.usefixtures("reader")
def test_it_shows_the_figures_of_each_group_with_their_interval(client: Client) -> None:
    women = get_predictor().manifest.raw["metrics"]["groups"]["women"]
    auc = women["auc"]
    shown = f"{auc['value']:g} ({auc['low']:g} – {auc['high']:g})"
    page = text_of(client.get(PAGE).content)
    assert f"women {women['people']} {women['events']} {shown}" in page


@pytest.mark.usefixtures("reader")
def test_it_says_why_where_there_is_no_model(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MODEL_PATH = str(tmp_path / "nothing.pkl")
    assert "nothing.pkl" in text_of(client.get(PAGE).content)


@pytest.mark.usefixtures("staff")
def test_it_is_closed_to_staff_without_the_permission(client: Client) -> None:
    assert client.get(PAGE).status_code == 403


def test_it_sends_strangers_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("path", ["add/", "1/change/", "1/delete/", "1/history/"])
def test_it_has_no_page_that_could_change_anything(admin_client: Client, path: str) -> None:
    assert admin_client.get(PAGE + path).status_code == 404


def test_it_has_a_permission_to_view_and_no_other() -> None:
    codenames = Permission.objects.filter(content_type__model="modelmanifest")
    assert [permission.codename for permission in codenames] == ["view_modelmanifest"]


def test_it_stores_nothing() -> None:
    assert ModelManifest._meta.managed is False
