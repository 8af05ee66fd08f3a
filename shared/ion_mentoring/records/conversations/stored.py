"""Conversations as stores keep them: under names that are given, with contents that are sealed or were not yet."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from ion_mentoring.records.conversations.protocol import ConversationId
from ion_mentoring.records.paging import Page


@dataclass(frozen=True, slots=True)
class Place:
    """The names of a conversation: of its turns, of its owner's list, and in it; `label` is what the list says of it."""

    turns: str
    owner: str
    listed: str
    label: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One turn: the entry it was said in, and its place within that; `sealed` says that its content and its persona are."""

    entry: str
    place: int
    role: Literal["user", "assistant"]
    content: str
    at: datetime
    sealed: bool = True
    persona: str = ""  # none for a question, and in what was kept before it was


@dataclass(frozen=True, slots=True)
class PlainTurn:
    """A turn of before there was sealing, with the name that its conversation had."""

    turns: str
    turn: StoredTurn


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One line of an owner's list: its name there, and its label, which tells the session's name to who can open it."""

    owner: str
    listed: str
    label: str
    updated_at: datetime
    turns: int
    place: str = ""  # the name of its turns; none where whoever sealed the line could not know it


class StoredConversations(Protocol):
    """Keeps turns for `retention`. Every method raises StoreUnavailable if the store does not answer."""

    @property
    def retention(self) -> timedelta:
        """The time for which turns are kept."""

    def plain(self, conversation: ConversationId) -> Place:
        """The place in which this store kept a conversation before there was sealing."""

    async def recent(self, turns: str, limit: int) -> tuple[StoredTurn, ...]:
        """The newest `limit` turns, oldest first."""

    async def append(self, place: Place, turns: Sequence[StoredTurn]) -> bool:
        """Adds turns of one entry; False, and nothing added, if it is there already."""

    async def entry(self, turns: str, entry: str) -> tuple[StoredTurn, ...]:
        """The turns of an entry in their order."""

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[StoredSession, ...]:
        """The newest lines of an owner's list, newest first."""

    async def lines(self, owner: str, after: str, limit: int) -> Page[StoredSession]:
        """Lines of an owner's list in the order of their names, from one on."""

    async def said(self, turns: str, after: str, limit: int) -> Page[StoredTurn]:
        """Turns in the order in which they were said, from one on."""

    async def erase(self, place: Place) -> None:
        """Forgets all turns (none where their name is empty), and at last the line in its owner's list."""

    def plain_turns(self, size: int) -> AsyncIterator[Sequence[PlainTurn]]:
        """All turns that are not sealed, some at a time."""

    async def seal_turns(self, sealed: Sequence[tuple[PlainTurn, PlainTurn]]) -> None:
        """Puts sealed turns in the place of plain ones."""

    def plain_sessions(self, size: int) -> AsyncIterator[Sequence[StoredSession]]:
        """All lines of lists that are not sealed, some at a time."""

    async def seal_session(self, line: StoredSession, place: Place) -> None:
        """Puts a sealed line in the place of a plain one; a line that is there already takes it in."""
