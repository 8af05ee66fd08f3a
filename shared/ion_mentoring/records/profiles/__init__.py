"""Profiles: what was learnt of people from their ratings, and of all of them together."""
