"""The image: what enters it, whose it is, and that its commands are there.

No engine runs here: docs/containers.md says what was proved by building and running it.
"""

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.template.engine import Engine
from packaging.specifiers import SpecifierSet

from heartrisk_site.variables import BASE_DIR, BY_NAME
from tests.compose import OURS, SERVICES, enters_image, environment, instructions

COMMANDS = [
    *[json.loads(line) for line in instructions("CMD")],
    *[json.loads(line.partition(" CMD ")[2]) for line in instructions("HEALTHCHECK")],
    *[SERVICES[name]["command"] for name in OURS if "command" in SERVICES[name]],
    *[
        SERVICES[name]["healthcheck"]["test"][1:]
        for name in OURS
        if "healthcheck" in SERVICES[name]
    ],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_is_one_of_ours(command: list[str]) -> None:
    program, where, name, *_ = command
    assert program == "python"
    if where == "-m":
        assert importlib.util.find_spec(name) is not None
        assert enters_image(f"{name.replace('.', '/')}.py")
    else:
        assert where == "manage.py"
        assert name in get_commands()


def test_there_are_seven_commands() -> None:
    assert len(COMMANDS) == 7


def test_its_python_is_one_that_the_project_supports() -> None:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
    (base,) = {line.partition(" AS ")[0] for line in instructions("FROM")}
    found = re.fullmatch(r"python:(\d+\.\d+)-slim-bookworm", base)
    assert found
    assert SpecifierSet(project["requires-python"]).contains(found[1])


def test_its_processes_are_not_roots() -> None:
    (user,) = instructions("USER")
    assert all(int(number) > 0 for number in user.split(":"))


def test_it_listens_on_the_port_that_it_exposes() -> None:
    variables = " ".join(instructions("ENV"))
    assert instructions("EXPOSE") == [str(BY_NAME["API_PORT"].default)]
    assert f"API_PORT={BY_NAME['API_PORT'].default}" in variables


@pytest.mark.parametrize("service", OURS)
def test_it_keeps_its_files_where_the_compose_file_says(service: str) -> None:
    folder = environment(service)["VAR_DIR"]
    assert len([line for line in instructions("ENV") if f"VAR_DIR={folder}" in line]) == 2


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.example",
        ".git/config",
        ".venv/bin/python",
        "var/db.sqlite3",
        "var/spool/dropped",
        "requirements-dev.txt",
        "tests/site.py",
        "benchmarks/bare.py",
        "docs/api.md",
        "tools/lint.py",
        "predictions/__pycache__/features.pyc",
        "model.pkl.bak",
    ],
)
def test_it_stays_out(path: str) -> None:
    assert not enters_image(path)


@pytest.mark.parametrize(
    "path",
    [
        "manage.py",
        "requirements.txt",
        "model/model.pkl",
        "model/manifest.json",
        "tools/__init__.py",
    ],
)
def test_it_enters(path: str) -> None:
    assert (BASE_DIR / path).is_file()
    assert enters_image(path)


def test_every_app_of_ours_enters() -> None:
    ours = [app for app in settings.INSTALLED_APPS if (BASE_DIR / app / "apps.py").is_file()]
    assert {"predictions", "logpipeline"} <= set(ours)
    assert [app for app in ours if not enters_image(f"{app}/apps.py")] == []


def test_every_folder_of_the_settings_enters() -> None:
    templates = Engine.get_default().dirs
    folders = map(str, [*settings.LOCALE_PATHS, *settings.STATICFILES_DIRS, *templates])
    names = [Path(folder).relative_to(BASE_DIR).as_posix() for folder in folders]
    assert sorted(names) == ["locale", "static", "templates"]
    assert [name for name in names if not enters_image(name)] == []
