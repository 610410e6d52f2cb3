"""Metrics for Prometheus, the rules and the dashboard that use them."""
