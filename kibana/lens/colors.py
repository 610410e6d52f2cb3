"""The same thing has the same colour on every dashboard."""

from typing import Final

YES: Final = "#cc5642"
NO: Final = "#54b399"
# What is usual, what is slow, what is slowest.
P50: Final = "#6092c0"
P95: Final = "#d6bf57"
P99: Final = "#cc5642"
