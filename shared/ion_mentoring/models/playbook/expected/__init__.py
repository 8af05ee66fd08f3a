"""Turns that people in a situation are expected to take next, each with its answer."""
