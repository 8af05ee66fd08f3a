"""Revoked tokens, as they are kept."""
