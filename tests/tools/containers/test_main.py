"""`make docker-build`, `docker-up`, `docker-down`: what they ask of Docker, what they write.

No engine runs here, so a program of the name docker notes what it is asked and says what it is
told to; what compose makes of the file is held by the compose schema and tests/test_compose.py.
"""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from heartrisk_site.variables import BASE_DIR
from tools.containers.__main__ import SECRETS, main

KIBANA_SETUP = "compose run --rm kibana-setup"
ACTIONS = {
    "build": ["compose build"],
    "up": ["compose up --detach --wait", KIBANA_SETUP],
    "down": ["compose down"],
}
NO_ENGINE = "no Docker engine answers here. Start Docker, or use make run, which needs none."
NO_COMPOSE = "this Docker has no compose. Install its package docker-compose-plugin."


class Docker:
    """A docker on the PATH that fails at the commands beginning with one of ``fails_at``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked = folder / "asked"
        self.fails_at()

    def fails_at(self, *beginnings: str) -> None:
        cases = "".join(f'"{beginning}"*) exit 1;; ' for beginning in beginnings)
        program = self._folder / "docker"
        program.write_text(
            f'#!/bin/sh\necho "$*" >> "{self._asked}"\ncase "$*" in {cases}*) exit 0;; esac\n'
        )
        program.chmod(0o755)

    def asked(self) -> list[str]:
        """What it was asked to do, after what it was asked about itself."""
        lines = self._asked.read_text().splitlines()
        return [line for line in lines if line not in ("info", "compose version")]


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return Docker(folder)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(BASE_DIR / ".env.example", folder)
    return folder


def values(project: Path) -> dict[str, str]:
    lines = (project / ".env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name: given.get(name, "") for name in SECRETS}


@pytest.mark.parametrize("action", ACTIONS)
def test_it_asks_compose(action: str, docker: Docker, project: Path) -> None:
    assert main([action], project) == 0
    assert docker.asked() == ACTIONS[action]


def test_it_asks_for_the_named_services_only(docker: Docker, project: Path) -> None:
    main(["up", "elasticsearch", "kibana"], project)
    assert docker.asked() == ["compose up --detach --wait elasticsearch kibana"]


def test_it_says_where_the_password_of_the_administrator_is(
    docker: Docker, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["up"], project)
    assert "docker compose logs web" in capsys.readouterr().out


def test_it_gives_back_what_compose_says(
    docker: Docker, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docker.fails_at("compose up")
    assert main(["up"], project) == 1
    assert "healthy" not in capsys.readouterr().out


def test_dashboards_that_are_not_set_up_are_no_success(docker: Docker, project: Path) -> None:
    docker.fails_at(KIBANA_SETUP)
    assert main(["up"], project) == 1


def test_it_makes_every_secret_long_and_different(docker: Docker, project: Path) -> None:
    main(["up"], project)
    made = values(project)
    assert {len(value) >= 64 for value in made.values()} == {True}
    assert len(set(made.values())) == len(SECRETS)


def test_only_the_owner_may_read_them(docker: Docker, project: Path) -> None:
    main(["up"], project)
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600


def test_it_keeps_the_secrets_that_are_there(docker: Docker, project: Path) -> None:
    (project / ".env").write_text("SECRET_KEY=mine\nexport POSTGRES_PASSWORD = mine too\n")
    main(["up"], project)
    written = (project / ".env").read_text()
    assert written.startswith("SECRET_KEY=mine\nexport POSTGRES_PASSWORD = mine too\n\nKIBANA")
    main(["up"], project)
    assert (project / ".env").read_text() == written


def test_it_writes_none_that_the_environment_gives(
    docker: Docker, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "given")
    main(["down"], project)
    # Compose wants the file all the same.
    assert (project / ".env").read_text() == ""


@pytest.mark.parametrize(
    ("beginning", "sentence"), [("info", NO_ENGINE), ("compose version", NO_COMPOSE)]
)
def test_without_docker_it_says_so_and_writes_nothing(
    beginning: str, sentence: str, docker: Docker, project: Path
) -> None:
    docker.fails_at(beginning)
    with pytest.raises(SystemExit, match=f"^heartrisk: {sentence}$"):
        main(["up"], project)
    assert not (project / ".env").exists()


def test_a_machine_without_the_program_is_one_without_an_engine(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(project))
    with pytest.raises(SystemExit, match=NO_ENGINE):
        main(["build"], project)


@pytest.mark.parametrize("action", ACTIONS)
def test_make_says_one_line(action: str, docker: Docker) -> None:
    docker.fails_at("info")
    done = subprocess.run(
        ["make", f"docker-{action}"], cwd=BASE_DIR, capture_output=True, text=True
    )
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert (done.returncode, lines) == (2, [f"heartrisk: {NO_ENGINE}"])
