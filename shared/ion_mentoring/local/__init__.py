"""The whole set in one process, for a laptop."""
