"""The responses about conversations, as typed shapes."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.records.conversations.protocol import Turn


class SessionSummary(TypedDict):
    """A conversation in a list; `title` is the beginning of what was asked first, and `excerpt` of what was asked last.

    `danger` where the first question shows a sign of danger, which a list that others may see had better not repeat;
    `persona` is the id of who answered last.
    """

    session_id: str
    updated_at: str
    turns: int
    title: str
    excerpt: str
    danger: bool
    persona: Annotated[str | None, Field(examples=["lua"])]


class SessionListView(TypedDict):
    """Conversations, the newest first; `next` is `before` of the next page."""

    success: bool
    sessions: list[SessionSummary]
    next: str | None
    request_id: str
    timestamp: str


class TurnView(TypedDict):
    """One thing that was said; `persona` is who answered, by id: null for a question, and for what was kept before that was."""

    role: Annotated[str, Field(examples=["user", "assistant"])]
    content: str
    persona: Annotated[str | None, Field(examples=["lua"])]
    timestamp: str


def turn_view(turn: Turn) -> TurnView:
    """The record of a turn."""
    return {"role": turn.role, "content": turn.content, "persona": turn.persona or None, "timestamp": timestamp(turn.at)}


class SessionView(TypedDict):
    """The newest turns of a conversation, the oldest of them first; `more` if there were others before."""

    success: bool
    session_id: str
    turns: list[TurnView]
    more: bool
    request_id: str
    timestamp: str


class SessionErasedView(TypedDict):
    """The end of a conversation."""

    success: bool
    session_id: str
    request_id: str
    timestamp: str
