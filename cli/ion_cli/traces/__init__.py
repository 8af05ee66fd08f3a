"""Traces: spans as trees, their critical path, and a picture of it."""
