"""The one error of the programs in this folder."""


class UserError(Exception):
    """A request of the user that cannot be done; the message says why and, where it is a file's fault, its name and line."""
