"""Soft failure of calls to others: breakers, deadlines, retries, and turns where many wait."""
