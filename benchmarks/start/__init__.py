"""How long the site takes to start, and how much memory its processes have."""
