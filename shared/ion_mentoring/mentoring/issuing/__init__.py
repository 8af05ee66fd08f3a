"""API keys in use: issued, rotated, revoked, and known again."""
