"""Sealing: keyed hashes, so that nobody reads or guesses what people write."""
