"""The pages under /monitoring/."""
