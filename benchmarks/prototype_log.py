"""Where the prototype's entries are: apart, so that nothing else need import what it serves."""

from typing import Final

KEY: Final = "prototype:logs"
KEPT: Final = 1000
