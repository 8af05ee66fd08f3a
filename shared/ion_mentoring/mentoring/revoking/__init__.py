"""Tokens that were given out and no longer hold."""
