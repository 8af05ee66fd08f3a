"""The reason why nothing can be said of a load test."""


class NothingToSay(Exception):
    """The message names what is missing or foreign; a program that meets it ends with exit code 2."""
