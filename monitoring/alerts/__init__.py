"""Alerts: defined once, evaluated here, told to people; Kibana and Prometheus get the same."""
