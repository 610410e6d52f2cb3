"""A PATH with small programs that stand for Java and Maven."""

from pathlib import Path

import pytest


class Programs:
    """The only programs on the PATH. Each writes its name and arguments into ``calls``."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        self._calls = folder / "calls.txt"
        monkeypatch.setenv("PATH", str(self.folder))

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []

    def add(self, name: str, script: str = "") -> None:
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho {name} "$@" >> "{self._calls}"\n{script}\n')
        path.chmod(0o755)

    def add_java(self, version: str = "17.0.15") -> None:
        self.add("java", f"echo 'openjdk version \"{version}\" 2025-04-15' >&2")
        self.add("javac")

    def add_maven(self) -> None:
        """Copies two jars to the folder it is told, without the network."""
        script = """
        for word; do case "$word" in -DoutputDirectory=*) folder=${word#*=};; esac; done
        /bin/mkdir -p "$folder"
        : > "$folder/elasticsearch.jar"; : > "$folder/netty-http.jar"
        """
        self.add("mvn", script)
