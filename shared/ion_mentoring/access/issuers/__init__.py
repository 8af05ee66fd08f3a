"""Issuers of signed tokens, and the keys that their tokens are verified with."""
