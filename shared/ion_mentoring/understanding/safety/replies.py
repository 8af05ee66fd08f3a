"""The replies of the course of a conversation about danger: a whole answer, or words around the ordinary one."""

from msgspec import Struct

from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.filling import Listener


class SafetyReply(Struct, frozen=True):
    """The whole answer, before any model and cache; `at_once` where help has to come in this minute.

    `to` is the listener as the conversation tells of them, in both kinds of reply.
    """

    text: str
    danger: Danger
    at_once: bool = False
    to: Listener | None = None


class Caring(Struct, frozen=True):
    """The text before and after the ordinary answer, which Lua gives; `instead` of it where the playbook has none that fits."""

    opening: str
    closing: str
    danger: Danger
    to: Listener | None = None
    instead: str = ""
