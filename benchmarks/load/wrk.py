"""The driver that costs the machine least: wrk, with a script that loses no request."""

import json
import math
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.load.load import Load, Refused

_SCRIPT: Final = Path(__file__).with_name("post.lua")
# For the requests under way when the time is over; wrk ends as soon as they are answered.
_PATIENCE_S: Final = 20


class Wrk:
    """``body``: the same in every request, as JSON."""

    def __init__(self, path: str, body: object) -> None:
        self._path = path
        self._body = json.dumps(body)

    @staticmethod
    def is_here() -> bool:
        return shutil.which("wrk") is not None

    @property
    def name(self) -> str:
        # It counts asking for its version as an error.
        asked = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False)
        version = asked.stdout.split()[1].removeprefix("debian/")
        return (
            f"wrk {version}, which raises its percentiles by what it could not send during a "
            "slow answer (coordinated omission)"
        )

    def run(self, port: int, clients: int, seconds: float) -> Load:
        options = ["-t1", f"-c{clients}", f"-d{math.ceil(seconds) + _PATIENCE_S}s"]
        # An answer that takes longer is one of wrk's socket errors.
        options += ["--timeout", f"{_PATIENCE_S}s", "-s", str(_SCRIPT)]
        url = f"http://127.0.0.1:{port}{self._path}"
        command = ["wrk", *options, url, "--", str(seconds), str(clients), self._body]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refused(f"wrk ended with {done.returncode}: {done.stderr.strip()}")
        return parsed(json.loads(done.stdout.splitlines()[-1]))


def parsed(printed: Mapping[str, Any]) -> Load:
    """The script's line; Refused unless each request was answered, and well."""
    sent, answered = printed["sent"], printed["answered"]
    if printed["not_2xx"] or printed["socket_errors"]:
        raise Refused(
            f"of {sent} requests, {printed['not_2xx']} were answered with an error's status and "
            f"{printed['socket_errors']} ended with an error of the socket"
        )
    if not sent or sent != answered:
        raise Refused(f"{sent} requests were sent, {answered} were answered")
    return Load(sent, printed["seconds"], printed["p50_us"] / 1000, printed["p99_us"] / 1000)
