"""Figures of what Elasticsearch holds.

Loads its client: import it only where Elasticsearch is asked, after ``history.require``.
"""
