"""``make lock``: requirements*.in becomes requirements*.txt, every version pinned.

The comment of a direct dependency is carried into the lock, above its line.
``--upgrade`` takes newer versions, ``--check`` (``make lock-check``) asks for a wheel of
every locked package on every Python and platform that is supported.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = ("requirements", "requirements-dev")
OLDEST_PYTHON: Final = "3.11"
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS: Final = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "aarch64-apple-darwin")
_HEADER: Final = "# Made from {source} by `make lock`. Do not edit.\n"
_DIRECT: Final = re.compile(r"^(?P<requirement>[A-Za-z][^#]*?)\s*#\s*(?P<comment>.+)$")
_PINNED: Final = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[^]]*\])?==")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        return check()
    for name in LOCKS:
        lock(ROOT / f"{name}.in", ROOT / f"{name}.txt", upgrade=options.upgrade)
    return 0


def comments(source: str) -> dict[str, str]:
    """What each direct dependency of a .in file is for, by canonical name."""
    found = (_DIRECT.match(line) for line in source.splitlines())
    return {
        canonicalize_name(Requirement(match["requirement"]).name): match["comment"]
        for match in found
        if match
    }


def annotate(resolved: str, why: dict[str, str]) -> str:
    """The resolver's lines, a comment above each direct dependency."""
    lines: list[str] = []
    for line in resolved.splitlines():
        match = _PINNED.match(line)
        name = canonicalize_name(match["name"]) if match else ""
        if name in why:
            lines.append(f"# {why[name]}")
        lines.append(line)
    return "\n".join(lines) + "\n"


def lock(source: Path, target: Path, *, upgrade: bool) -> None:
    """Keeps the versions of the present lock where the input still allows them."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    command += ["--python-version", OLDEST_PYTHON, "--fork-strategy", "fewest", "--no-header"]
    command += ["--upgrade"] if upgrade else []
    # The relative name, because the resolver writes it beside each direct dependency.
    command += ["--output-file", target.name, source.name]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    resolved = target.read_text(encoding="utf-8")
    why = comments(source.read_text(encoding="utf-8"))
    text = _HEADER.format(source=source.name) + annotate(resolved, why)
    target.write_text(text, encoding="utf-8")


def check() -> int:
    """0 when every combination resolves to wheels only; each that does not is printed."""
    failed = 0
    for name in LOCKS:
        for python in PYTHONS:
            for platform in PLATFORMS:
                failed += not _has_wheels(f"{name}.txt", python, platform)
    return 1 if failed else 0


def _has_wheels(lock_file: str, python: str, platform: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--python-version", python]
        command += ["--python-platform", platform]
        command += ["--output-file", str(Path(folder) / "resolved.txt"), lock_file]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    why = "" if good else f"\n{done.stderr.strip()}"
    sys.stdout.write(f"{'wheels' if good else 'FAILED'}  {lock_file}  {python}  {platform}{why}\n")
    return good


if __name__ == "__main__":
    sys.exit(main())
