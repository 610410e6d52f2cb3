"""The generated configuration page and .env.example."""

from pathlib import Path

import pytest

from heartrisk_site.environment import Environment
from heartrisk_site.variables import BASE_DIR, VARIABLES
from tools.docs.configuration import dotenv_example, markdown


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_every_variable_has_a_row_and_a_line(variable: object) -> None:
    name = getattr(variable, "name", "")
    assert f"| `{name}` |" in markdown()
    assert f"{name}=" in dotenv_example()


def test_it_names_limits_choices_and_schemes() -> None:
    page = markdown()
    assert "(whole number, 1 to 65,535)" in page
    assert "(text: DEBUG, INFO, WARNING, ERROR)" in page
    assert "(text, begins with redis://, rediss://, unix://)" in page


def test_it_holds_no_path_of_this_machine() -> None:
    assert str(BASE_DIR) not in markdown() + dotenv_example()


def test_no_redis_is_named_so_that_the_embedded_one_starts() -> None:
    lines = dotenv_example().splitlines()
    assert "# REDIS_HOST=localhost" in lines
    assert not [line for line in lines if line.startswith(("REDIS_HOST", "REDIS_URL"))]


def test_the_example_means_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        # Set first, so that monkeypatch takes back what reading the file sets.
        monkeypatch.setenv(variable.name, "")
        monkeypatch.delenv(variable.name)
    (tmp_path / ".env").write_text(dotenv_example())
    env = Environment(tmp_path / ".env")
    changed = {
        variable.name
        for variable in VARIABLES
        if env.get(variable.name)
        != (list(variable.default) if isinstance(variable.default, tuple) else variable.default)
    }
    assert changed == set()
