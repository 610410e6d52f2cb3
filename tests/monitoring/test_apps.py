"""What every process of the site does of watching when it starts."""

import os
import subprocess
import sys

from heartrisk_site.variables import BASE_DIR

START = """
import sys
import django
django.setup()
heavy = {"elasticsearch", "elasticsearch_dsl", "scipy", "sklearn"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_it_loads_nothing_that_takes_long() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "heartrisk_site.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
