"""Charts as numbers: what a template needs to draw SVG, in percent of the drawing (ADR 0012)."""
