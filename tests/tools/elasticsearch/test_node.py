"""What a node needs, where its jars go, and the command that starts it."""

from pathlib import Path

import pytest

from tests.tools.elasticsearch.programs import Programs
from tools.elasticsearch import node


def test_it_needs_java_and_maven(programs: Programs) -> None:
    expected = "Java 17 with its compiler and Maven are not on the PATH"
    assert node.available() == expected


def test_it_needs_maven_beside_java(programs: Programs) -> None:
    programs.add_java()
    assert node.available() == "Maven is not on the PATH"


def test_it_needs_the_compiler_beside_java(programs: Programs) -> None:
    programs.add("java")
    programs.add_maven()
    assert node.available() == "Java 17 with its compiler is not on the PATH"


@pytest.mark.parametrize(("version", "major"), [("11.0.2", 11), ("1.8.0_412", 8), ("?", 0)])
def test_it_needs_a_java_that_is_new_enough(programs: Programs, version: str, major: int) -> None:
    programs.add_java(version)
    programs.add_maven()
    expected = f"Java 17 or newer is not on the PATH, only Java {major}"
    assert node.available() == expected


@pytest.mark.parametrize("version", ["17.0.15", "21", "25-ea"])
def test_it_needs_nothing_else(programs: Programs, version: str) -> None:
    programs.add_java(version)
    programs.add_maven()
    assert node.available() == ""


def test_it_fetches_the_jars_once(programs: Programs, tmp_path: Path) -> None:
    programs.add_java()
    programs.add_maven()
    node.install(tmp_path)
    first = programs.calls
    node.install(tmp_path)
    assert [call.split()[0] for call in first] == ["mvn", "javac"]
    assert programs.calls == first


def test_it_gives_the_http_plugin_a_folder_of_its_own(programs: Programs, tmp_path: Path) -> None:
    programs.add_java()
    programs.add_maven()
    node.install(tmp_path)
    names = [path.name for path in (tmp_path / "jars").glob("*/modules/transport-netty4/*")]
    assert sorted(names) == ["netty-http.jar", "plugin-descriptor.properties"]


def test_it_takes_the_place_of_another_version(programs: Programs, tmp_path: Path) -> None:
    programs.add_java()
    programs.add_maven()
    (tmp_path / "jars" / "8.0.0-0123456789ab").mkdir(parents=True)
    node.install(tmp_path)
    (folder,) = (tmp_path / "jars").glob("*/")
    assert folder.name.startswith(f"{node.VERSION}-")


def test_it_is_not_installed_by_half(programs: Programs, tmp_path: Path) -> None:
    programs.add("mvn", "exit 1")
    with pytest.raises(SystemExit):
        node.install(tmp_path)
    assert not node.is_installed(tmp_path)


def test_it_says_in_one_line_why_maven_failed(programs: Programs, tmp_path: Path) -> None:
    programs.add("mvn", "echo '[INFO] x'; echo '[ERROR] Network is unreachable'; exit 1")
    expected = "heartrisk: Maven could not fetch Elasticsearch .*; it needs the network once: Net"
    with pytest.raises(SystemExit, match=expected) as stop:
        node.install(tmp_path)
    assert "\n" not in str(stop.value)


def test_it_says_so_when_maven_failed_without_a_word(programs: Programs, tmp_path: Path) -> None:
    programs.add("mvn", "exit 1")
    with pytest.raises(SystemExit, match=r"it says nothing$"):
        node.install(tmp_path)


def test_its_log_goes_to_its_own_folder(tmp_path: Path) -> None:
    node.prepare(tmp_path)
    assert "console" not in (tmp_path / "config" / "log4j2.properties").read_text().lower()
    assert (tmp_path / "logs").is_dir()


def test_its_command_names_folder_port_and_memory(tmp_path: Path) -> None:
    command = node.command(tmp_path / "shared", tmp_path / "own", 9201, heap_mb=256)
    assert {str(tmp_path / "own"), "http.port=9201", "-Xmx256m"} <= set(command)


def test_its_command_takes_settings_before_its_own(tmp_path: Path) -> None:
    command = node.command(tmp_path, tmp_path, 9201, settings={"network.host": "::1"})
    assert [word for word in command if "network.host" in word] == ["network.host=::1"]


def test_its_command_names_an_owner_only_if_there_is_one(tmp_path: Path) -> None:
    assert "-Downer=42" in node.command(tmp_path, tmp_path, 9201, owner=42)
    assert not [word for word in node.command(tmp_path, tmp_path, 9201) if "owner" in word]
