"""Prompts built from a card, a key, the history and a language."""
