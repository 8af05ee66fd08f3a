"""Composition roots: all that is built is built here, one short file a function."""
