"""Conversations in Firestore; a TTL policy on `expires_at` cleans both collections up.

conversations/{name}/turns     one document a turn
owners/{name}/sessions/{name}  one document a conversation, for its owner's list
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ion_mentoring.backends.firestore import Added, Change, Created, Deleted, Document, Documents, Found
from ion_mentoring.records.conversations.protocol import RETENTION, ConversationId, digest_of
from ion_mentoring.records.conversations.stored import Place, PlainTurn, StoredSession, StoredTurn
from ion_mentoring.records.paging import Page


class FirestoreConversations:
    """Turns by time, entry and place within the entry, all three in the one field `order`."""

    def __init__(self, documents: Documents, now: Callable[[], datetime], *, retention: timedelta = RETENTION) -> None:
        self._documents = documents
        self._now = now
        self.retention = retention

    def plain(self, conversation: ConversationId) -> Place:
        """Named by digests."""
        name = conversation.digest
        return Place(name, digest_of(conversation.owner), name, conversation.session)

    async def recent(self, turns: str, limit: int) -> tuple[StoredTurn, ...]:
        """The newest `limit` turns, oldest first; expired ones are left out here, since TTL deletes late."""
        found = await self._documents.newest(_turns(turns), "order", limit)
        now = self._now()
        return tuple(_turn(one) for one in reversed(found) if one["expires_at"] > now)

    async def append(self, place: Place, turns: Sequence[StoredTurn]) -> bool:
        """Adds turns in one commit, under names that are there already the second time."""
        created = (Created(_turns(place.turns), _name(turn), self._document(turn)) for turn in turns)
        last = max(turn.at for turn in turns)
        return await self._documents.commit((*created, self._listed(place, last, len(turns)))) is not None

    async def entry(self, turns: str, entry: str) -> tuple[StoredTurn, ...]:
        """One after the other, until there is no more."""
        standing: list[StoredTurn] = []
        while found := await self._documents.get(_turns(turns), f"{entry}-{len(standing):04}"):
            standing.append(_turn(found))
        return tuple(standing)

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[StoredSession, ...]:
        """The newest lines; expired ones are left out here, since TTL deletes late."""
        found = await self._documents.newest(_sessions(owner), "updated_at", limit, before=before)
        now = self._now()
        return tuple(_session(owner, one) for one in found if one["expires_at"] > now)

    async def lines(self, owner: str, after: str, limit: int) -> Page[StoredSession]:
        """Lines by their names, without those that have expired: a page may have fewer."""
        found = await self._documents.after(_sessions(owner), after, limit)
        now = self._now()
        lines = (_session(owner, one, name) for name, one in found if one["expires_at"] > now)
        return Page(tuple(lines), found[-1][0] if len(found) == limit else "")

    async def said(self, turns: str, after: str, limit: int) -> Page[StoredTurn]:
        """Turns by `order`, without those that have expired: a page may have fewer."""
        found = await self._documents.following(_turns(turns), "order", after, limit)
        now = self._now()
        last = found[-1]["order"] if len(found) == limit else ""
        return Page(tuple(_turn(one) for one in found if one["expires_at"] > now), last)

    async def erase(self, place: Place) -> None:
        """Forgets all turns, and at last the line in its owner's list, so that a list names whatever is left to be erased."""
        if place.turns:
            await self._documents.erase(_turns(place.turns))
        await self._documents.commit((Deleted(_sessions(place.owner), place.listed),))

    async def plain_turns(self, size: int) -> AsyncIterator[Sequence[PlainTurn]]:
        """Documents of `turns`, wherever they are, that are not marked as sealed."""
        async for found in self._documents.without("turns", "sealed", size):
            yield [PlainTurn(one.parent, _plain(one)) for one in found]

    async def seal_turns(self, sealed: Sequence[tuple[PlainTurn, PlainTurn]]) -> None:
        """Writes sealed documents and deletes the plain ones, in one commit."""
        changes: list[Change] = []
        for old, new in sealed:
            changes.append(Added(_turns(new.turns), _name(new.turn), {}, self._document(new.turn)))
            changes.append(Deleted(_turns(old.turns), _name(old.turn)))
        await self._documents.commit(changes)

    async def plain_sessions(self, size: int) -> AsyncIterator[Sequence[StoredSession]]:
        """Documents of `sessions`, wherever they are, without a label."""
        async for found in self._documents.without("sessions", "label", size):
            yield [_session(one.parent, one.document, one.name) for one in found]

    async def seal_session(self, line: StoredSession, place: Place) -> None:
        """Adds to the sealed line, and deletes the plain one."""
        standing = await self._documents.get(_sessions(place.owner), place.listed)
        last = max(line.updated_at, standing["updated_at"]) if standing else line.updated_at
        listed = self._listed(place, last, line.turns)
        await self._documents.commit((listed, Deleted(_sessions(line.owner), line.listed)))

    def _document(self, turn: StoredTurn) -> Document:
        return {
            "entry": turn.entry,
            "place": turn.place,
            "role": turn.role,
            "content": turn.content,
            "at": turn.at,
            "sealed": turn.sealed,
            "persona": turn.persona,
            "order": _order(turn),
            "expires_at": turn.at + self.retention,
        }

    def _listed(self, place: Place, last: datetime, turns: int) -> Added:
        fields = {"listed": place.listed, "label": place.label, "updated_at": last, "expires_at": last + self.retention}
        if place.turns:
            fields["place"] = place.turns
        return Added(_sessions(place.owner), place.listed, {"turns": turns}, fields)


def _turn(document: Document) -> StoredTurn:
    entry, place = document.get("entry", ""), document.get("place", 0)
    sealed, persona = document.get("sealed", False), document.get("persona", "")
    return StoredTurn(entry, place, document["role"], document["content"], document["at"], sealed, persona)


def _plain(found: Found) -> StoredTurn:
    """A turn of before, whose entry and place stand in its name alone."""
    entry, _, place = found.name.rpartition("-")
    one = found.document
    return StoredTurn(entry, int(place), one["role"], one["content"], one["at"], sealed=False)


def _session(owner: str, one: Document, name: str = "") -> StoredSession:
    label: Any = one.get("label", one.get("session"))
    return StoredSession(owner, one.get("listed", name), label, one["updated_at"], one["turns"], one.get("place", ""))


def _name(turn: StoredTurn) -> str:
    return f"{turn.entry}-{turn.place:04}"


def _order(turn: StoredTurn) -> str:
    """Text that sorts as time, entry and place do: a space comes before every character of an id."""
    return f"{turn.at.astimezone(UTC).isoformat(timespec='microseconds')} {turn.entry} {turn.place:04}"


def _turns(name: str) -> str:
    return f"conversations/{name}/turns"


def _sessions(owner: str) -> str:
    return f"owners/{owner}/sessions"
