"""Understanding of a text before any model reads it: its language, its key, and signs of danger."""
