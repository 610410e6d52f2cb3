"""From an overview to the page's charts: one module a subject."""
