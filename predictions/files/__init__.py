"""Predicting for a file: CSV in, the same rows with their answers out."""
