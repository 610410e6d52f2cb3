"""Talking to a Kibana."""
