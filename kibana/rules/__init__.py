"""Alerting rules, one for each severity of each alert of monitoring/alerts/definitions.py."""
