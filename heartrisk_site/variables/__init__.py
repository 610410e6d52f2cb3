"""Every environment variable the site reads: type, default, limits and help.

``environment.py`` reads them, ``settings.py`` uses them; ``docs/configuration.md`` and
``.env.example`` are written from these tables (``make docs``).
"""

from typing import Final

from heartrisk_site.variables.log import LOG
from heartrisk_site.variables.monitoring import MONITORING
from heartrisk_site.variables.site import SITE
from heartrisk_site.variables.variable import BASE_DIR, Variable

__all__ = ["BASE_DIR", "BY_NAME", "VARIABLES", "Variable"]

VARIABLES: Final[tuple[Variable, ...]] = (*SITE, *LOG, *MONITORING)
BY_NAME: Final = {variable.name: variable for variable in VARIABLES}
