"""The admin's pages of watching. Django imports this package, which registers them."""

from monitoring.admin import alerts, drift

__all__ = ["alerts", "drift"]
