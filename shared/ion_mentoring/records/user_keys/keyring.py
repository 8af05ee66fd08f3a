"""The keys of people, opened: a holder's under its period's, and that under the master key, which is asked once an instance.

A holder's keys stay open for some seconds: so long may another instance still use keys that were destroyed, and what it seals
with them then opens nowhere.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.user_keys.protocol import KeyStore, PeriodKey, WrappedKeys
from ion_mentoring.resilience.deadline import limit_s
from ion_mentoring.sealing.master import MasterKey
from ion_mentoring.sealing.names import ROOT_BYTES, Names

if TYPE_CHECKING:  # who keeps nothing of people does not pay for importing what seals
    from ion_mentoring.sealing.words import UserKeys

KEPT_S: Final = 5.0  # as long as another instance may still answer from what was declared void
MASTER_WITHIN_S: Final = 3.0  # once an instance for each key: an answer rather waits for its memory than goes without
MASTER_RESTS_S: Final = 5.0  # after whoever has the master key did not answer
MOST: Final = 10_000  # holders whose keys are open at once
PAGE: Final = 300
NAMES: Final = "names"


class Keyring:
    """Opens and makes keys. `now` has a time zone, `clock` is monotonic, `random` gives so many bytes."""

    def __init__(
        self,
        store: KeyStore,
        master: MasterKey,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self.store = store
        self.master = master
        self._now = now
        self._clock = clock
        self._random = random
        self._names: Names | None = None
        self._periods: dict[str, bytes] = {}
        self._open: dict[str, tuple[UserKeys, float]] = {}
        self._opening: dict[str, asyncio.Future[None]] = {}
        self._rests_until = float("-inf")

    async def names(self) -> Names:
        """The keyed names of this store."""
        if self._names is None:
            self._names = Names(await self.period_key(NAMES))
        return self._names

    async def names_so_far(self) -> Names | None:
        """The keyed names, None where nothing was kept under one yet: whoever only looks makes and opens nothing."""
        if self._names is None and all(key.period != NAMES for key in await self.store.periods()):
            return None
        return await self.names()

    async def keys(self, holders: Iterable[str]) -> Mapping[str, "UserKeys"]:
        """The keys of those holders that have some."""
        wanted = set(holders)
        found = {holder: keys for holder in wanted if (keys := self._known(holder))}
        for page in _pages(wanted - found.keys()):
            found |= await self._opened(await self.store.found(page))
        return found

    async def made(self, holders: Iterable[str]) -> Mapping[str, "UserKeys"]:
        """The keys of all these holders, made where there are none; those of an earlier period are wrapped anew."""
        from ion_mentoring.sealing.words import UserKeys

        wanted = set(holders)
        found = {holder: keys for holder in wanted if (keys := self._known(holder))}
        period = await self._period() if wanted - found.keys() else ""
        for page in _pages(wanted - found.keys()):
            standing = await self.store.found(page)
            if missing := [holder for holder in page if holder not in standing]:
                await self.store.add([await self._wrapped(UserKeys.drawn(holder, self._random), period) for holder in missing])
                standing = {**standing, **await self.store.found(missing)}
            found |= await self._opened(standing)
            for old in standing.values():
                if old.period != period:
                    await self.rewrap(old, period)
        return found

    async def rewrap(self, old: WrappedKeys, period: str) -> bool:
        """Puts a holder's keys under the key of another period; False if they changed meanwhile, or do not open."""
        keys = (await self._opened({old.holder: old})).get(old.holder)
        return keys is not None and await self.store.replace(old, await self._wrapped(keys, period))

    async def renew(self, holder: str) -> bool:
        """Gives a holder a new key that seals from now on; its older ones go on opening. False if it has none."""
        old = (await self.store.found([holder])).get(holder)
        keys = (await self._opened({holder: old})).get(holder) if old else None
        if old is None or keys is None:
            return False
        self._open.pop(holder, None)
        return await self.store.replace(old, await self._wrapped(keys.renewed(self._random), period_of(self._now())))

    async def destroy(self, holder: str) -> None:
        """Forgets a holder's keys, here and in the store; elsewhere they are forgotten after `KEPT_S` seconds."""
        self._open.pop(holder, None)
        await self.store.drop(holder)

    async def period_key(self, period: str) -> bytes:
        """The key of a period, made if there is none; StoreUnavailable if this master key does not open it."""
        if period not in self._periods:
            standing = {key.period: key for key in await self.store.periods()}
            if period not in standing:
                await self._make_period(period)
                standing = {key.period: key for key in await self.store.periods()}
            await self._open_period(standing[period])
        return self._periods[period]

    async def _period(self) -> str:
        """The period under whose key new keys come: this week's, or the last one that is open while no new one can be made."""
        period = period_of(self._now())
        try:
            await self.period_key(period)
        except StoreUnavailable:
            others = [name for name in self._periods if name != NAMES]
            if not others:
                raise
            return max(others)
        return period

    async def _make_period(self, period: str) -> None:
        if self._clock() < self._rests_until:
            raise StoreUnavailable("the master key is left alone", retry_after_s=MASTER_RESTS_S)
        try:
            async with asyncio.timeout(limit_s(MASTER_WITHIN_S)):
                wrapped = await self.master.wrap(self._random(ROOT_BYTES), period)
        except (StoreUnavailable, TimeoutError) as error:
            self._rests_until = self._clock() + MASTER_RESTS_S
            raise StoreUnavailable("the master key does not answer", retry_after_s=MASTER_RESTS_S) from error
        await self.store.add_period(PeriodKey(period, wrapped, self._now()))

    async def _open_period(self, key: PeriodKey) -> None:
        """Opens a key once for all who wait for it, each for `MASTER_WITHIN_S` at most; it goes on when they have left."""
        if key.period in self._periods:
            return  # somebody was quicker
        if self._clock() < self._rests_until:
            raise StoreUnavailable("the master key is left alone", retry_after_s=MASTER_RESTS_S)
        opening = self._opening.get(key.period)
        if opening is None or opening.done() or opening.get_loop() is not asyncio.get_running_loop():
            opening = self._opening[key.period] = asyncio.ensure_future(self._unwrap(key))
        done, _ = await asyncio.wait((opening,), timeout=limit_s(MASTER_WITHIN_S))
        if not done:
            raise StoreUnavailable("the master key takes its time", retry_after_s=1)
        opening.result()

    async def _unwrap(self, key: PeriodKey) -> None:
        try:
            opened = await self.master.unwrap(key.wrapped, key.period)
        except StoreUnavailable:
            self._rests_until = self._clock() + MASTER_RESTS_S
            raise
        if opened is None:
            raise StoreUnavailable(f"the key of {key.period} does not open under this master key")
        self._periods[key.period] = opened

    def _known(self, holder: str) -> "UserKeys | None":
        keys, until = self._open.get(holder, (None, 0.0))
        return keys if until > self._clock() else None

    async def _opened(self, wrapped: Mapping[str, WrappedKeys]) -> dict[str, "UserKeys"]:
        from ion_mentoring.sealing.words import UserKeys, unwrapped

        if len(self._open) + len(wrapped) > MOST:
            self._open.clear()
        opened: dict[str, UserKeys] = {}
        there = await self._there({one.period for one in wrapped.values()})
        for holder, one in wrapped.items():
            if one.period not in there:
                continue  # destroyed with its period
            packed = unwrapped(await self.period_key(one.period), one.wrapped, holder, one.period)
            if packed is not None:
                opened[holder] = UserKeys.unpacked(holder, packed)
                self._open[holder] = (opened[holder], self._clock() + KEPT_S)
        return opened

    async def _there(self, periods: set[str]) -> set[str]:
        """Those of some periods whose keys there are, so that none is made by looking for it."""
        if periods <= self._periods.keys():
            return periods
        return periods & {key.period for key in await self.store.periods()}

    async def _wrapped(self, keys: "UserKeys", period: str) -> WrappedKeys:
        from ion_mentoring.sealing.words import wrapped

        return WrappedKeys(keys.holder, period, wrapped(await self.period_key(period), keys.packed, keys.holder, period))


def period_of(at: datetime) -> str:
    """The period of a time: its week, `2026-W48`."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def _pages(holders: Iterable[str]) -> list[tuple[str, ...]]:
    return [tuple(sorted(holders))[start : start + PAGE] for start in range(0, len(tuple(holders)), PAGE)]
