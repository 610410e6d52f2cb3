"""``python -m benchmarks.lag``: how long after its answer a prediction can be searched for."""
