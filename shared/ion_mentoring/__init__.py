"""ION Mentoring: the common library of its functions; each inner package is one room of the house."""

__version__ = "3.0.0"
