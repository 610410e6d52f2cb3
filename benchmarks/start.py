"""``python -m benchmarks.start``: from `make run` to the first answered prediction.

Cold is the first start in an empty folder, warm is every later one.
"""

import argparse
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from predictions.features import EXAMPLE
from tools.clean_environment import clean_environment
from tools.run.address import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
_GIVE_UP_AFTER_S: Final = 120


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--warm", type=int, default=5, help="how many warm starts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="heartrisk-") as folder:
        cold = seconds_to_a_prediction(folder)
        warm = [seconds_to_a_prediction(folder) for _ in range(options.warm)]
    sys.stdout.write(
        f"cold {cold:.1f} s, warm {statistics.median(warm):.1f} s "
        f"(of {len(warm)}: {min(warm):.1f} to {max(warm):.1f})\n"
    )


def seconds_to_a_prediction(var_dir: str) -> float:
    port = free_port()
    environment = clean_environment(VAR_DIR=var_dir, API_PORT=str(port), RUN_ELASTICSEARCH="false")
    # make itself, so that what it does before counts.
    command = ["make", "run"]
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            while not _predicts(port):
                if time.perf_counter() - start > _GIVE_UP_AFTER_S or process.poll() is not None:
                    raise SystemExit("the site did not start")
                time.sleep(0.02)
            return time.perf_counter() - start
        finally:
            os.killpg(process.pid, signal.SIGINT)


def _predicts(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json"}
    try:
        connection.request("POST", "/predict", json.dumps(EXAMPLE), headers)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main()
