"""A real Elasticsearch node from Maven Central, for development and tests; it needs no Docker."""
