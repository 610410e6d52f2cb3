"""Lens panels: columns, charts, and the panel that a dashboard holds by value."""
