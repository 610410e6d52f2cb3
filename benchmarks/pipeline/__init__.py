"""``python -m benchmarks.pipeline``: the log pipeline beside Elasticsearch's own bulk."""
