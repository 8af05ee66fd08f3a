"""Turns that people in danger are expected to take next, each with its answer."""
