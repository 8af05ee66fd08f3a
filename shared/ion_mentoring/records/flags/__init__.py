"""Flags: the variants that operators chose, as they are kept."""
