"""Conversations whose words are sealed: what is said under the keys of its owner, and names that only the set can make.

What was kept before there was sealing is still read, until `make seal` has brought it here.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from ion_mentoring.records.conversations.protocol import ConversationId, Session, Turn, digest_of
from ion_mentoring.records.conversations.stored import Place, StoredConversations, StoredSession, StoredTurn
from ion_mentoring.records.paging import Page, everything
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.sealing.form import holder_of
from ion_mentoring.sealing.names import Names

if TYPE_CHECKING:
    from ion_mentoring.sealing.words import UserKeys

PAGE: Final = 100
FEW: Final = 2  # turns of a page of which the first is wanted: what has expired may be left out of it
STEP: Final = "conversations"  # the step of `make seal` after which nothing of before is left


class SealedConversations:
    """The protocol Conversations over a store of sealed ones. What does not open is as if it were not there."""

    def __init__(self, kept: StoredConversations, keyring: Keyring) -> None:
        self._kept = kept
        self._keyring = keyring
        self._nothing_plain = False

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        """The newest turns, opened."""
        place = await self._place(conversation)
        found, _ = await asyncio.gather(self._kept.recent(place.turns, limit), self._keyring.keys([place.owner]))
        if len(found) < limit and await self._plain_left():
            found = (*await self._kept.recent(self._kept.plain(conversation).turns, limit), *found)[-limit:]
        return await self._opened(place, found)

    async def first(self, conversation: ConversationId) -> Turn | None:
        """The oldest turn, opened."""
        place = await self._place(conversation)
        names = [self._kept.plain(conversation).turns] if await self._plain_left() else []
        await self._keyring.keys([place.owner])
        for name in (*names, place.turns):
            async for turn in everything(partial(self._few, name)):
                if opened := await self._opened(place, [turn]):
                    return opened[0]
        return None

    async def _few(self, turns: str, after: str) -> Page[StoredTurn]:
        return await self._kept.said(turns, after, FEW)

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> tuple[Turn, ...]:
        """Seals turns and adds them, once."""
        place = await self._place(conversation)
        if turns:
            keys = (await self._keyring.made([place.owner]))[place.owner]
            stored = (
                StoredTurn(entry_id, number, turn.role, turn.content, turn.at, persona=turn.persona)
                for number, turn in enumerate(turns)
            )
            sealed = [sealed_turn(keys, place.turns, turn) for turn in stored]
            label = sealed_label(keys, place.listed, conversation.session)
            if await self._kept.append(replace(place, label=label), sealed):
                return tuple(turns)
        return await self._opened(place, await self._kept.entry(place.turns, entry_id))

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[Session, ...]:
        """The newest sessions, with their names opened."""
        names = await self._keyring.names()
        holder = holder_name(names, digest_of(owner))
        found, opened = await asyncio.gather(self._kept.sessions(holder, limit, before), self._keyring.keys([holder]))
        keys = opened.get(holder)
        sessions = [session for one in found if keys and (session := session_of(keys, one))]
        if await self._plain_left():
            plain = await self._kept.sessions(digest_of(owner), limit, before)
            sessions = _merged([*sessions, *(Session(one.label, one.updated_at, one.turns) for one in plain)])[:limit]
        return tuple(sessions)

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns, also those of before."""
        place = await self._place(conversation)
        await self._kept.erase(place)
        if await self._plain_left():
            await self._kept.erase(self._kept.plain(conversation))
        await self._keyring.destroy(orphan_name(await self._keyring.names(), conversation.digest))

    async def erase_owner(self, owner: str) -> int:
        """Forgets conversations that only their owner's words lead to: of before there was sealing, or sealed without its name.

        It has to come before the owner's keys are destroyed.
        """
        if not await self._plain_left() and not await self._without_place(owner):
            return 0
        erased = 0
        while page := await self.sessions(owner, PAGE):
            for session in page:
                await self.erase(ConversationId(owner, session.name))
            erased += len(page)
        return erased

    async def erase_holder(self, holder: str) -> int:
        """Forgets the conversations of a holder, whose keys may be gone: all that its list leads to."""
        erased = 0
        while page := await self._kept.sessions(holder, PAGE):
            names = await self._keyring.names()
            for line in page:
                await self._kept.erase(Place(line.place, holder, line.listed, ""))
                if line.place:
                    await self._keyring.destroy(orphan_of(names, line.place))
            erased += len(page)
        return erased

    async def _without_place(self, owner: str) -> bool:
        """True where the list has a line that does not name its turns."""
        holder, before = holder_name(await self._keyring.names(), digest_of(owner)), None
        while page := await self._kept.sessions(holder, PAGE, before):
            if not all(line.place for line in page):
                return True
            before = page[-1].updated_at
        return False

    async def _place(self, conversation: ConversationId) -> Place:
        return place_of(await self._keyring.names(), conversation)

    async def _plain_left(self) -> bool:
        if not self._nothing_plain:
            self._nothing_plain = await self._keyring.store.flag(STEP)
        return not self._nothing_plain

    async def _opened(self, place: Place, found: Sequence[StoredTurn]) -> tuple[Turn, ...]:
        """Turns opened by their owner's keys, or by those of a conversation whose owner `make seal` could not know."""
        holders = {holder for turn in found if turn.sealed and (holder := holder_of(turn.content))}
        allowed = holders & {place.owner, orphan_of(await self._keyring.names(), place.turns)}
        keys = await self._keyring.keys(allowed)
        return tuple(opened for turn in found if (opened := turn_of(keys, place, turn)))


def holder_name(names: Names, owner_digest: str) -> str:
    """The name of an owner's keys and list."""
    return names.of("user", owner_digest)


def turns_name(names: Names, conversation_digest: str) -> str:
    """The name of a conversation's turns."""
    return names.of("conversation", conversation_digest)


def orphan_name(names: Names, conversation_digest: str) -> str:
    """The name of the keys of a conversation that was sealed by whoever did not know its owner."""
    return orphan_of(names, turns_name(names, conversation_digest))


def orphan_of(names: Names, turns: str) -> str:
    """The same, by the name of its turns."""
    return names.of("orphan", turns)


def listed_name(names: Names, owner_digest: str, session: str) -> str:
    """The name of a session in its owner's list."""
    return names.of("session", owner_digest, session)


def place_of(names: Names, conversation: ConversationId) -> Place:
    """The place of a conversation, without its label."""
    owner = digest_of(conversation.owner)
    listed = listed_name(names, owner, conversation.session)
    return Place(turns_name(names, conversation.digest), holder_name(names, owner), listed, "")


def sealed_turn(keys: "UserKeys", name: str, turn: StoredTurn) -> StoredTurn:
    """A plain turn, sealed for the conversation of that name."""
    persona = keys.seal(turn.persona, *_at(name, turn, "persona")) if turn.persona else ""
    return replace(turn, content=keys.seal(turn.content, *_at(name, turn, "content")), persona=persona, sealed=True)


def sealed_label(keys: "UserKeys", listed: str, session: str) -> str:
    """The name of a session, sealed for its line in its owner's list."""
    return keys.seal(session, listed, "session")


def _at(turns: str, turn: StoredTurn, field: str) -> tuple[str, ...]:
    return turns, turn.entry, str(turn.place), turn.role, field


def turn_of(keys: Mapping[str, "UserKeys"], place: Place, turn: StoredTurn) -> Turn | None:
    """A turn of a conversation as it was said; None where none of these keys opens it."""
    if not turn.sealed:
        return Turn(turn.role, turn.content, turn.at, turn.persona)
    own = keys.get(holder_of(turn.content) or "")
    content = own.open(turn.content, *_at(place.turns, turn, "content")) if own else None
    if own is None or content is None:
        return None
    persona = own.open(turn.persona, *_at(place.turns, turn, "persona")) if turn.persona else ""
    return Turn(turn.role, content, turn.at, persona or "")


def session_of(keys: "UserKeys", found: StoredSession) -> Session | None:
    """The session of a line of its owner's list; None where these keys do not open it."""
    name = keys.open(found.label, found.listed, "session")
    return None if name is None else Session(name, found.updated_at, found.turns)


def _merged(sessions: Iterable[Session]) -> list[Session]:
    """Sessions of both ways of keeping them, newest first, each once."""
    by_name: dict[str, Session] = {}
    for one in sessions:
        known = by_name.get(one.name, Session(one.name, one.updated_at, 0))
        by_name[one.name] = Session(one.name, max(one.updated_at, known.updated_at), one.turns + known.turns)
    return sorted(by_name.values(), key=lambda one: one.updated_at, reverse=True)
