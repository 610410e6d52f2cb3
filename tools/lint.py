"""``make lint``: every check runs, whatever the earlier ones said; the failed ones are named."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.clean_environment import clean_environment

ROOT: Final = Path(__file__).resolve().parent.parent
_PYTHON: Final = sys.executable
# By the module: the script's first line may be too long for a deep folder.
_LINT_IMPORTS: Final = "from importlinter.cli import lint_imports_command as main; main()"
_HADOLINT: Final = str(Path(_PYTHON).with_name("hadolint"))
_COMPOSE_SCHEMA: Final = ("--quiet", "--builtin-schema", "vendor.compose-spec")


@dataclass(frozen=True, slots=True)
class Check:
    """One command; ``environment`` is added to the clean one."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (_PYTHON, "-m", name, *arguments)


def _manage(*arguments: str) -> tuple[str, ...]:
    return (_PYTHON, "manage.py", *arguments)


CHECKS: Final = (
    Check("style", _module("ruff", "check", "--quiet", ".")),
    Check("format", _module("ruff", "format", "--check", "--quiet", ".")),
    Check("types", _module("mypy", ".")),
    Check("imports", (_PYTHON, "-c", _LINT_IMPORTS)),
    Check("templates", _module("djlint", "--lint", "--quiet", "templates")),
    Check("template format", _module("djlint", "--check", "--quiet", "templates")),
    Check("migrations", _manage("makemigrations", "--check", "--dry-run")),
    Check("settings", _manage("check", "--fail-level", "WARNING")),
    Check(
        "deployment",
        _manage("check", "--deploy", "--fail-level", "WARNING"),
        {"HTTPS": "true", "ALLOWED_HOSTS": "heartrisk.example"},
    ),
    Check("Dockerfile", (_HADOLINT, "Dockerfile")),
    Check("compose file", _module("check_jsonschema", *_COMPOSE_SCHEMA, "docker-compose.yml")),
    Check("documents", _module("tools.docs", "--check")),
    Check("advisories", _module("tools.advisories")),
)


def main() -> int:
    failed = [check.name for check in CHECKS if not passes(check)]
    sys.stdout.write(f"failed: {', '.join(failed)}\n" if failed else "every check passed\n")
    return 1 if failed else 0


def passes(check: Check) -> bool:
    """Runs it; prints what it said where it failed, and what it had to skip."""
    start = time.perf_counter()
    done = _run(check.command, check.environment)
    good = done.returncode == 0
    skipped = [line for line in done.stdout.splitlines() if line.startswith("skipped")]
    if good and skipped:
        sys.stdout.write("".join(f"{line}\n" for line in skipped))
    else:
        _report(check.name, good, time.perf_counter() - start)
    if not good:
        sys.stdout.write(done.stdout + done.stderr)
    return good


def _run(
    command: tuple[str, ...], environment: dict[str, str]
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )


def _report(name: str, good: bool, seconds: float) -> None:
    sys.stdout.write(f"{'passed ' if good else 'FAILED '}  {name} ({seconds:.1f} s)\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
