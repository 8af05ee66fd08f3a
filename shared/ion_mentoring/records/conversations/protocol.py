"""The protocol of a store of conversations."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

RETENTION: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said; `at` has a time zone, `persona` is the id of who answered: empty for a question, or if it is unknown."""

    role: Literal["user", "assistant"]
    content: str
    at: datetime
    persona: str = ""


@dataclass(frozen=True, slots=True)
class ConversationId:
    """A session of one owner; the same session name of another owner is another conversation."""

    owner: str
    session: str

    @property
    def digest(self) -> str:
        """The name that stores keep it by: safe as a document id, and no two conversations share one."""
        return hashlib.sha256(f"{self.owner}\0{self.session}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation as its owner's list shows it: its name, the time of its newest turn, and how many turns it has had."""

    name: str
    updated_at: datetime
    turns: int


def digest_of(owner: str) -> str:
    """The name that stores keep an owner's list by."""
    return hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()


class Conversations(Protocol):
    """Keeps turns for a time, by default `RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        """The newest `limit` turns, oldest first."""

    async def first(self, conversation: ConversationId) -> Turn | None:
        """The oldest turn that is still kept; None where there is none."""

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> tuple[Turn, ...]:
        """Adds turns that were said together, and gives those that stand under their `entry_id`.

        A second time under the same one changes nothing: then they are those of the first time. An `entry_id` holds
        letters, digits and `_ - . : @`.
        """

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[Session, ...]:
        """The newest sessions of an owner, newest first; with `before`, those in which nothing was said from then on.

        What was said before there was such a list is not in it, until the conversation goes on.
        """

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns of a conversation, and that it was there."""
