"""The responses about conversations, as typed shapes."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class SessionSummary(TypedDict):
    """A conversation in a list; `excerpt` is the beginning of what was asked last."""

    session_id: str
    updated_at: str
    turns: int
    excerpt: str


class SessionListView(TypedDict):
    """Conversations, the newest first; `next` is `before` of the next page."""

    success: bool
    sessions: list[SessionSummary]
    next: str | None
    request_id: str
    timestamp: str


class TurnView(TypedDict):
    """One thing that was said."""

    role: Annotated[str, Field(examples=["user", "assistant"])]
    content: str
    timestamp: str


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
