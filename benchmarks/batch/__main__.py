"""``python -m benchmarks.batch``: a batch over HTTP, and predict_file, each beside the usual way.

Writes its section of docs/performance.md.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.batch import from_files, over_http
from benchmarks.batch.report import files_section, http_section
from benchmarks.document import as_typed, environment_line, put_section

_ROWS: Final = 10_000
_FILES: Final = (100_000, 1_000_000)
_QUICK_FILES: Final = (20_000, 60_000)


def main() -> None:
    options = _options()
    rounds = 2 if options.quick else options.rounds
    sizes = _QUICK_FILES if options.quick else _FILES
    with tempfile.TemporaryDirectory(prefix="heartrisk-") as folder:
        batches = over_http.measure(Path(folder), _ROWS, rounds)
        files = {rows: from_files.measure(Path(folder), rows, rounds) for rows in sizes}
    parts = [
        http_section(as_typed("bench-batch"), _ROWS, rounds, batches),
        files_section(rounds, files),
        environment_line(),
    ]
    section = "\n\n".join(parts)
    if not options.quick:
        put_section("batch", section)
    sys.stdout.write(section + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--quick", action="store_true", help="two rounds, small files, nothing is written"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
