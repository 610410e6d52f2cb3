"""From nothing to ready: a new Python process that loads the site, or the bare service.

Ready is: all is imported, the model is loaded, a first prediction is made.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from benchmarks.start.production import not_installed

SITE: Final = "heartrisk"
BARE: Final = "bare FastAPI"
_ROOT: Final = Path(__file__).resolve().parent.parent.parent
# The site predicts once by itself while it loads.
_LOAD: Final = {
    SITE: "import heartrisk_site.wsgi",
    BARE: """\
import asyncio
from benchmarks.bare import Person, predict
from predictions.features import EXAMPLE
asyncio.run(predict(Person(**EXAMPLE)))
""",
}
# What the bare service itself is made of, beside what the site has as well.
_OWN: Final = {
    SITE: frozenset[str](),
    BARE: frozenset(
        {"annotated_doc", "annotated_types", "fastapi", "pydantic", "pydantic_core", "starlette"}
        | {"opentelemetry", "typing_inspection"}
    ),
}
_TELL: Final = """
import json, sys, time
print("ready", flush=True)
json.dump({"cpu": time.process_time(), "modules": list(sys.modules)}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process, and of the processor."""

    elapsed: float
    cpu: float


def start(service: str, environment: Mapping[str, str]) -> Start:
    """SystemExit where it has loaded what `make run` does not install."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", _LOAD[service] + _TELL],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        output = cast(IO[str], process.stdout)
        line = output.readline()
        elapsed = time.perf_counter() - begin
        rest = output.read()
    if line != "ready\n" or process.returncode:
        raise SystemExit(f"{service} cannot be loaded")
    told = json.loads(rest)
    if strange := not_installed(told["modules"]) - _OWN[service]:
        raise SystemExit(f"{service} has loaded what a site does not have: {sorted(strange)}")
    return Start(elapsed, told["cpu"])


def forget_files() -> None:
    """Asks the system to read every package and file of ours from the disk the next time.

    As after a boot. Files that running processes use stay in memory.
    """
    for folder in _folders():
        for path in folder.rglob("*"):
            if path.is_file():
                descriptor = os.open(path, os.O_RDONLY)
                try:
                    # What is not yet written cannot be dropped.
                    os.fdatasync(descriptor)
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(descriptor)


def _folders() -> Iterable[Path]:
    ours = ("heartrisk_site", "predictions", "logpipeline", "monitoring", "kibana", "benchmarks")
    # Python's own library and its program, then all that is installed.
    return [
        Path(os.__file__).parent,
        Path(sys.prefix),
        *(_ROOT / name for name in (*ours, "model")),
    ]
