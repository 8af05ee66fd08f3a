"""Sealing what was kept before there was sealing: in pieces, each whole, so that it can be broken off and begun again."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from ion_mentoring.records.conversations.sealed import (
    STEP,
    holder_name,
    listed_name,
    orphan_name,
    sealed_label,
    sealed_turn,
    turns_name,
)
from ion_mentoring.records.conversations.stored import Place, PlainTurn, StoredConversations, StoredSession
from ion_mentoring.records.user_keys.keyring import Keyring

PAGE = 200

Say = Callable[[str, int], object]


class SealPlain(Struct, frozen=True):
    """The use case; `say` is told of what was sealed, and how much of it by now."""

    conversations: StoredConversations
    keyring: Keyring
    say: Say

    async def __call__(self) -> dict[str, int]:
        """The number of records that were sealed, by kind. A pass that finds none left declares the step done."""
        sealed = {"turns": await self._turns(), "sessions": await self._sessions()}
        if not any(sealed.values()):
            await self.keyring.store.raise_flag(STEP)
        return sealed

    async def _turns(self) -> int:
        done = 0
        async for page in self.conversations.plain_turns(PAGE):
            await self.conversations.seal_turns(await self._sealed(page))
            done += len(page)
            self.say("turns", done)
        return done

    async def _sealed(self, page: Sequence[PlainTurn]) -> list[tuple[PlainTurn, PlainTurn]]:
        """Turns under keys of their conversation: a turn does not say who its owner is."""
        names = await self.keyring.names()
        holders = {old.turns: orphan_name(names, old.turns) for old in page}
        keys = await self.keyring.made(holders.values())
        pairs = []
        for old in page:
            name = turns_name(names, old.turns)
            pairs.append((old, PlainTurn(name, sealed_turn(keys[holders[old.turns]], name, old.turn))))
        return pairs

    async def _sessions(self) -> int:
        done = 0
        async for page in self.conversations.plain_sessions(PAGE):
            for line in page:
                await self._line(line)
            done += len(page)
            self.say("sessions", done)
        return done

    async def _line(self, line: StoredSession) -> None:
        names = await self.keyring.names()
        holder, listed = holder_name(names, line.owner), listed_name(names, line.owner, line.label)
        keys = (await self.keyring.made([holder]))[holder]
        place = Place("", holder, listed, sealed_label(keys, listed, line.label))
        await self.conversations.seal_session(line, place)
