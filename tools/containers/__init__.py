"""The container image's two commands, and the compose services from outside."""
