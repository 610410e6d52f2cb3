"""``python -m benchmarks.batch.child WAY IN OUT``: one file, one way, in a process of its own.

Says as JSON what it took, imports and the loading of the model left out, and the most memory
that it ever had, everything in.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Final

_KILOBYTES: Final = 1024


def _heartrisk() -> Callable[[str, str], object]:
    """``manage.py predict_file`` inside this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    from predictions.management.commands import predict_file
    from predictions.risk.predictor import get_predictor

    get_predictor()
    return lambda source, target: call_command(predict_file.Command(), source, target, "--force")


def _pandas() -> Callable[[str, str], object]:
    """What one writes in a notebook: no rules, no errors, no warnings."""
    import pandas as pd

    from benchmarks.batch.naive import probabilities
    from predictions.features import NAMES

    def run(source: str, target: str) -> None:
        frame = pd.read_csv(source)
        frame["probability"] = probabilities(frame[list(NAMES)].to_numpy(dtype=float))
        frame.to_csv(target, index=False)

    return run


WAYS: Final = {"heartrisk": _heartrisk, "pandas": _pandas}


def main(way: str, source: str, target: str) -> None:
    run = WAYS[way]()
    cpu, began = time.process_time(), time.perf_counter()
    run(source, target)
    found = {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTES / 1e6,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
