"""``python -m benchmarks.growth``: what stays as quick as it was when everything gets more."""
