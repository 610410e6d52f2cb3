"""Tests of tools/elasticsearch."""
