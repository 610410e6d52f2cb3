"""`make run` and `make dev`: Valkey where none is named, the web server, one supervisor."""
