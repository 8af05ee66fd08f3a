"""The subject of a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic that cards may have, its title for people, and how sure that is, in [0, 1]."""

    topic: str
    title: str
    probability: float
