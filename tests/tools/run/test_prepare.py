"""What is put in place before the site answers, done once."""

import pytest
from django.contrib.auth import get_user_model

from tools.run.prepare import ADMIN, create_admin, migrate


@pytest.mark.django_db
def test_it_makes_an_administrator_whose_printed_password_works(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert create_admin()
    password = capsys.readouterr().out.split()[-1]
    user = get_user_model().objects.get(username=ADMIN)
    assert user.is_superuser
    assert user.check_password(password)


@pytest.mark.django_db
def test_it_makes_none_where_there_is_a_user(capsys: pytest.CaptureFixture[str]) -> None:
    get_user_model().objects.create_user("somebody")
    assert not create_admin()
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_it_leaves_current_tables_alone() -> None:
    assert not migrate()
