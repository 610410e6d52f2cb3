"""Clients that ask without a pause: each sends its next request when it has its answer."""
