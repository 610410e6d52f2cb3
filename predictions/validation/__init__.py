"""The rules that the 14 inputs obey: one row, many rows, and why one was refused."""
