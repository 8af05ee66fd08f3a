"""The erasure of a person: the keys first, so that nothing can be read any more, then what they opened, kind by kind.

Each step may be done twice. Whoever asks again, after it was broken off, goes on; and a list of erasures, under keyed names,
is gone through again when a backup was restored.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from ion_mentoring.errors import CacheUnavailable, StoreUnavailable
from ion_mentoring.mentoring.privacy.kinds import PersonalKind
from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.erasures.protocol import Erasure, Erasures
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.telemetry.events import EventLog


class PlainConversations(Protocol):
    """Conversations that only their owner's own name or words lead to."""

    async def erase_owner(self, owner: str) -> int:
        """Forgets them; how many they were."""


class EraseUser(Struct, frozen=True):
    """The use case. `forget` makes an owner's cached answers unreadable everywhere; `settle` writes over what was deleted."""

    keyring: Keyring
    erasures: Erasures
    plain: PlainConversations
    kinds: Sequence[PersonalKind]
    forget: Callable[[str], Awaitable[None]]
    settle: Callable[[], Awaitable[object]]
    log: EventLog
    now: Callable[[], datetime]

    async def __call__(self, owner: str) -> Erasure:
        """Erases an owner. A second time it gives the same erasure, unless there was something new.

        StoreUnavailable where something could not be reached: then it is not finished, and the next call goes on.
        """
        holder = await self.holder(owner)
        known = await self._begun(holder)
        plain = await self.plain.erase_owner(owner)
        await self.keyring.destroy(holder)
        cached = await self._forgotten(owner)
        erased = await self._gone(holder)
        if not cached:
            raise StoreUnavailable("the cache could not be told", retry_after_s=1)
        return await self._finished(known, {**erased, "sessions": erased.get("sessions", 0) + plain})

    async def again(self, holder: str) -> Mapping[str, int]:
        """Erases once more what lies under a keyed name, as after a backup was restored; what went, by kind."""
        await self.keyring.destroy(holder)
        erased = await self._gone(holder)
        self.log.info("user_erased_again", holder=holder, records=sum(erased.values()))
        return erased

    async def progress(self, owner: str) -> Erasure | None:
        """The erasure of an owner that was asked for last; None if none was."""
        return await self.erasures.get(await self.holder(owner))

    async def holder(self, owner: str) -> str:
        """The keyed name of an owner."""
        return holder_name(await self.keyring.names(), digest_of(owner))

    async def _begun(self, holder: str) -> Erasure:
        """The erasure on the list before anything goes: from here on it will be finished."""
        now = self.now()
        known = replace(await self.erasures.get(holder) or Erasure(holder, now), last_at=now)
        await self.erasures.put(known)
        return known

    async def _gone(self, holder: str) -> dict[str, int]:
        erased = {kind.name: await kind.erase(holder) for kind in self.kinds if kind.erase}
        await self.settle()
        return erased

    async def _forgotten(self, owner: str) -> bool:
        try:
            await self.forget(owner)
        except CacheUnavailable:
            return False
        return True

    async def _finished(self, known: Erasure, erased: Mapping[str, int]) -> Erasure:
        if known.finished_at and not any(erased.values()):
            return known
        total = {kind: count + known.erased.get(kind, 0) for kind, count in erased.items()}
        finished = replace(known, finished_at=self.now(), erased=total)
        await self.erasures.put(finished)
        self.log.info("user_erased", holder=known.holder, records=sum(erased.values()))
        return finished
