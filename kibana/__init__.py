"""Kibana as code: data views, dashboards and rules, and the command that puts them there."""
