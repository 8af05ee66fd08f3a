"""Rotation of keys, while everything goes on: each record is written anew only as it was read, and the old key still opens."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.user_keys.keyring import NAMES, Keyring, period_of

PAGE: Final = 200
KEPT: Final = timedelta(days=28)  # a period's key outlives its week by so much; docs/decisions names the bound that follows


class RotateKeys(Struct, frozen=True):
    """The use case, for each level."""

    keyring: Keyring

    async def master(self) -> int:
        """Wraps the keys of all periods under the master key's newest version; how many they were."""
        periods = await self.keyring.store.periods()
        for key in periods:
            opened = await self.keyring.master.unwrap(key.wrapped, key.period)
            if opened is None:
                raise StoreUnavailable(f"the key of {key.period} does not open under this master key")
            wrapped = await self.keyring.master.wrap(opened, key.period)
            await self.keyring.store.replace_period(replace(key, wrapped=wrapped))
        return len(periods)

    async def period(self, now: datetime) -> tuple[int, int]:
        """Wraps the keys of all holders under this period's, and destroys the keys of periods that are over for `KEPT`.

        Gives how many holders and how many periods those were. A period that still wraps something stays.
        """
        moved, after = 0, ""
        while page := await self.keyring.store.page(after, PAGE):
            after = page[-1].holder
            for keys in page:
                if keys.period != period_of(now):
                    moved += await self.keyring.rewrap(keys, period_of(now))
        return moved, await self._destroyed(now)

    async def user(self, holder: str) -> bool:
        """Gives a holder a new key; what its older ones sealed still opens, until it has ended by itself."""
        return await self.keyring.renew(holder)

    async def report(self) -> Mapping[str, int]:
        """The number of holders whose keys lie under each period's key."""
        counts = await self.keyring.store.counts()
        periods = sorted(key.period for key in await self.keyring.store.periods() if key.period != NAMES)
        return {period: counts.get(period, 0) for period in periods}

    async def _destroyed(self, now: datetime) -> int:
        counts = await self.keyring.store.counts()
        over = [
            key.period
            for key in await self.keyring.store.periods()
            if key.period != NAMES and key.made_at + KEPT <= now and not counts.get(key.period)
        ]
        for period in over:
            await self.keyring.store.drop_period(period)
        return len(over)
