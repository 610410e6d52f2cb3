"""`make docs` and `make docs-check`: what is generated stays current, links lead somewhere."""
