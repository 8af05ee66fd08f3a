"""Reads of which danger, and of whose, the turns of a conversation tell when they are taken together."""
