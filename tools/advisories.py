"""Known vulnerabilities of the locked packages, by pip-audit, where it can ask."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = ("requirements.txt", "requirements-dev.txt")
_COMMAND: Final = (sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps")
_OPTIONS: Final = ("--progress-spinner", "off", "--format", "json", "--requirement")


def audit(lock: str) -> list[dict[str, Any]]:
    """pip-audit's entry of each package; [] where it could not ask at all."""
    command = (*_COMMAND, *_OPTIONS, lock)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return []
    return found


def verdict(lock: str, packages: list[dict[str, Any]]) -> tuple[bool, list[str]]:
    """Whether all is well as far as is known, and the lines that say so.

    pip-audit calls it a success when it could audit nothing; that is said here, loudly.
    """
    asked = [package for package in packages if "skip_reason" not in package]
    vulnerable = [package for package in asked if package["vulns"]]
    lines = [
        f"{package['name']} {package['version']}: {vulnerability['id']}"
        for package in vulnerable
        for vulnerability in package["vulns"]
    ]
    if not asked:
        lines.append(f"skipped  advisories of {lock}: their source could not be reached")
    elif len(asked) < len(packages):
        unknown = len(packages) - len(asked)
        lines.append(f"skipped  advisories of {unknown} packages of {lock}: nothing known of them")
    return not vulnerable, lines


def main() -> int:
    good = True
    for lock in LOCKS:
        fine, lines = verdict(lock, audit(lock))
        good = good and fine
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
