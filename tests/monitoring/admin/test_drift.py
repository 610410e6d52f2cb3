"""The admin's pages of drift reports."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from monitoring.models import DriftReport
from tests.monitoring.drift.people import older_people, saved_report
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

LIST = "/admin/monitoring/driftreport/"


@pytest.fixture
def report() -> DriftReport:
    return saved_report(older_people())


def shown(client: Client, path: str) -> str:
    return text_of(client.get(path).content)


def test_a_report_is_one_line(admin_client: Client, report: DriftReport) -> None:
    line = f"2026-11-25 12:00:00 UTC drift 3 600 elasticsearch {report.model_version}"
    assert line in shown(admin_client, LIST)


def test_the_list_is_explained(admin_client: Client) -> None:
    assert "Comparisons of the people who were scored" in shown(admin_client, LIST)


def test_its_page_names_what_drifts(admin_client: Client, report: DriftReport) -> None:
    page = shown(admin_client, f"{LIST}{report.pk}/change/")
    assert "What drifts: Age, Glucose, " in page
    assert "To: 2026-11-25 12:00:00 UTC" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?verdict__exact=drift", "1 drift report "),
        ("?verdict__exact=ok", "0 drift reports"),
        ("?source__exact=redis", "0 drift reports"),
    ],
)
def test_reports_are_filtered(
    admin_client: Client, report: DriftReport, query: str, found: str
) -> None:
    assert found in shown(admin_client, LIST + query)


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/", "{pk}/change/"])
def test_not_even_an_administrator_changes_anything(
    admin_client: Client, report: DriftReport, page: str
) -> None:
    path = LIST + page.format(pk=report.pk)
    assert admin_client.post(path, {"post": "yes"}).status_code == 403


def test_it_opens_with_the_permission_to_view_and_not_without(
    client: Client, report: DriftReport
) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    client.force_login(user)
    assert client.get(LIST).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_driftreport"))
    assert client.get(LIST).status_code == 200
