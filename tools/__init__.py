"""What `make` calls: running, locking, documenting. Nothing here is part of the site."""
