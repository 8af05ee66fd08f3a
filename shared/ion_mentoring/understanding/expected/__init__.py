"""Turns that people are expected to take next, told by their meaning."""
