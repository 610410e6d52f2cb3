"""What the pages of drift load, in a process of its own."""

import os
import subprocess
import sys

from django.conf import settings

PROGRAM = """
import django
django.setup()
import sys
import monitoring.drift.presentation, monitoring.drift.report
print(sorted({"scipy", "sklearn", "pandas", "elasticsearch"} & sys.modules.keys()))
"""


def test_a_page_that_shows_a_report_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    assert done.stdout == "[]\n"


def environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "heartrisk_site.settings"}
