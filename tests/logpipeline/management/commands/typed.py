"""Commands as a person types them, run in the tests' own process: exit code and what is seen."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
from django.core.management import load_command_class
from django.core.management.base import OutputWrapper

from tests.logpipeline.restored import as_before

_ROW: Final = re.compile(r"│ (?P<what>[^│]+) │ +(?P<count>[\d,]+) │")


@dataclass(frozen=True, slots=True)
class Seen:
    """``code``: the process's exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Of stderr."""
        return self.err.splitlines()

    @property
    def table(self) -> dict[str, int]:
        """The summary: totals, and parts such as an index or a reason by their name."""
        found = _ROW.finditer(self.out)
        return {row["what"].strip(): int(row["count"].replace(",", "")) for row in found}


Typed = Callable[..., Seen]


def typed_with(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Django closes the database afterwards: for tests with ``transaction=True``, or none."""

    def type_in(name: str, *arguments: str) -> Seen:
        command = load_command_class("logpipeline", name)
        code: object = 0
        with as_before():
            try:
                command.run_from_argv(["manage.py", name, *arguments])
            except SystemExit as error:
                code = error.code
        # It outlives the captured streams, and would flush them.
        command.stdout = command.stderr = OutputWrapper(io.StringIO())
        seen = capsys.readouterr()
        assert isinstance(code, int)
        return Seen(code, seen.out, seen.err)

    return type_in
