"""Readers of each kind of what is kept of a person: an owner's values, some at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from msgspec import Struct

from ion_mentoring.access.owners import payer
from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.erasures.protocol import Erasure, Erasures
from ion_mentoring.records.experiments.protocol import Exposed, Exposures
from ion_mentoring.records.feedback.protocol import Rating, Ratings
from ion_mentoring.records.ledger.protocol import Entry, Ledger
from ion_mentoring.records.paging import Page, everything
from ion_mentoring.records.profiles.protocol import Profile, Profiles
from ion_mentoring.records.user_keys.keyring import Keyring

Held = Callable[[str, str], Awaitable[Page[Any]]]  # of a holder, after a place


class Reading(Struct, frozen=True):
    """Reads what stores have under names of their own."""

    keyring: Keyring

    def held(self, held: Held) -> Callable[[str], AsyncIterator[object]]:
        """A reader of what lies under the keyed name of its owner."""

        async def read(owner: str) -> AsyncIterator[object]:
            holder = await self._holder(owner)
            async for value in everything(lambda after: held(holder, after)):
                yield value

        return read

    def ratings(self, kept: Ratings) -> Callable[[str], AsyncIterator[Rating]]:
        """A reader of ratings."""
        return lambda owner: everything(lambda after: kept.own(owner, after))

    def profile(self, kept: Profiles) -> Callable[[str], AsyncIterator[Profile]]:
        """A reader of the profile, where there is one."""

        async def read(owner: str) -> AsyncIterator[Profile]:
            if found := await kept.get(owner):
                yield found

        return read

    def exposures(self, kept: Exposures) -> Callable[[str], AsyncIterator[Exposed]]:
        """A reader of the arms of experiments that were met."""
        return lambda owner: everything(lambda after: kept.own(owner, after))

    def costs(self, ledger: Ledger) -> Callable[[str], AsyncIterator[Entry]]:
        """A reader of the costs of those who are callers themselves."""

        async def read(owner: str) -> AsyncIterator[Entry]:
            if (caller := payer(owner)) is not None:
                async for entry in everything(lambda after: ledger.own(caller, after)):
                    yield entry

        return read

    def erasures(self, kept: Erasures) -> Callable[[str], AsyncIterator[Erasure]]:
        """A reader of the erasure that was asked for last."""

        async def read(owner: str) -> AsyncIterator[Erasure]:
            if found := await kept.get(await self._holder(owner)):
                yield found

        return read

    async def _holder(self, owner: str) -> str:
        return holder_name(await self.keyring.names(), digest_of(owner))
