"""Personas as data: cards, the roster, and the contract by which a persona is asked."""
