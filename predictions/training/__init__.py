"""Fits, measures and writes the model. Not imported by the running site."""
