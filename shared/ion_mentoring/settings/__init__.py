"""The settings: one frozen model a function, composed of groups and read from the environment once.

docs/settings.md is the page for operators.
"""
