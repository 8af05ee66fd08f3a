"""Persona cards to and from the character card v2 format, and what a card lacks."""
