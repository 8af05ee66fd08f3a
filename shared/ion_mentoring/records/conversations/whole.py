"""All that is kept of an owner's conversations, in parts: however much that is, one part is in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from ion_mentoring.records.conversations.protocol import ConversationId, Session, Turn, digest_of
from ion_mentoring.records.conversations.sealed import (
    STEP,
    holder_name,
    orphan_of,
    place_of,
    session_of,
    turn_of,
)
from ion_mentoring.records.conversations.stored import Place, StoredConversations, StoredTurn
from ion_mentoring.records.paging import everything
from ion_mentoring.records.user_keys.keyring import Keyring

LINES: Final = 50
TURNS: Final = 100  # of a part


@dataclass(frozen=True, slots=True)
class SessionPart:
    """Some turns of a session, as they were said; `part` counts from 1."""

    session: Session
    part: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class WholeConversations:
    """Reads them. What does not open is as if it were not there."""

    kept: StoredConversations
    keyring: Keyring

    async def __call__(self, owner: str) -> AsyncIterator[SessionPart]:
        """The sessions of an owner; those in which something was said before there was sealing come with that once more."""
        names = await self.keyring.names()
        holder = holder_name(names, digest_of(owner))
        async for line in everything(lambda after: self.kept.lines(holder, after, LINES)):
            keys = (await self.keyring.keys([holder])).get(holder)
            if keys and (session := session_of(keys, line)):
                place = place_of(names, ConversationId(owner, session.name))
                async for part in self._parts(session, place.turns, place):
                    yield part
        if not await self.keyring.store.flag(STEP):
            async for line in everything(lambda after: self.kept.lines(digest_of(owner), after, LINES)):
                plain = self.kept.plain(ConversationId(owner, line.label))
                async for part in self._parts(Session(line.label, line.updated_at, line.turns), plain.turns, plain):
                    yield part

    async def _parts(self, session: Session, turns: str, place: Place) -> AsyncIterator[SessionPart]:
        """One part at the least: that a session was there is kept, too."""
        after, part = "", 1
        while True:
            page = await self.kept.said(turns, after, TURNS)
            if page.values or part == 1:
                yield SessionPart(session, part, await self._opened(place, page.values))
            if not page.next:
                return
            after, part = page.next, part + 1

    async def _opened(self, place: Place, found: tuple[StoredTurn, ...]) -> tuple[Turn, ...]:
        holders = {place.owner, orphan_of(await self.keyring.names(), place.turns)}
        keys = await self.keyring.keys(holders) if any(turn.sealed for turn in found) else {}
        return tuple(opened for turn in found if (opened := turn_of(keys, place, turn)))
