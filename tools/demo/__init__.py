"""`make demo`: a simulated week, on servers and a database of its own."""
