"""The loop from the entries that were read to their acknowledgement."""
