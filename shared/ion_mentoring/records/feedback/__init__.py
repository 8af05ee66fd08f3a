"""Ratings of answers, as they are kept."""
