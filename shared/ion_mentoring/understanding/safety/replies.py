"""The replies of the course of a conversation about danger: a whole answer, or words around the ordinary one."""

from dataclasses import dataclass

from ion_mentoring.understanding.safety.danger import Danger


@dataclass(frozen=True, slots=True)
class SafetyReply:
    """The whole answer, before any model and cache."""

    text: str
    danger: Danger


@dataclass(frozen=True, slots=True)
class Caring:
    """The text before and after the ordinary answer, which Lua gives."""

    opening: str
    closing: str
    danger: Danger
