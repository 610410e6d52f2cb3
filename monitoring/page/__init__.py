"""The pages at /monitoring/, for staff."""
