"""The transaction log: entries in Redis, and in the spool while Redis is away."""
