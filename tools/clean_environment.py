"""An environment for checks: nothing of the developer's own .env or shell changes their verdict."""

import os
from typing import Final

import django

from heartrisk_site.variables import VARIABLES

# Never signs anything that is kept.
_KEY: Final = "a-key-for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz"


def clean_environment(**changes: str) -> dict[str, str]:
    """os.environ with every variable of ours emptied, which counts as not set, but a key."""
    ours = {variable.name: "" for variable in VARIABLES}
    own = {"SECRET_KEY": _KEY, "DJANGO_SETTINGS_MODULE": "heartrisk_site.settings"}
    return os.environ | ours | own | changes


def set_up_django() -> None:
    """Django's settings and apps, as they are without any configuration."""
    os.environ.update(clean_environment())
    django.setup()
