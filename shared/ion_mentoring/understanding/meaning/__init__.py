"""What a short text means, as a small vector."""
