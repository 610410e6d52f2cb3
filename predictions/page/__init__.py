"""The form page."""
