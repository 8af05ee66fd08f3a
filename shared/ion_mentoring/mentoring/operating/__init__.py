"""Operating: what a running instance shows."""
