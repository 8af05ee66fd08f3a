"""API keys as records: whose they are, what they may, and the marks of their secrets."""
