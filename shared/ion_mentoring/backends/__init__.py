"""Connections to the databases, and the one place where their errors are translated."""
