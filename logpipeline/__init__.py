"""From Redis to Elasticsearch: every transaction exactly once, whatever fails."""
