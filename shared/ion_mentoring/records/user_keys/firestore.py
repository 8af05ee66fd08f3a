"""Wrapped keys in Firestore.

period_keys/{period}    the key of a period, wrapped by the master key
user_keys/{holder}      the keys of a holder, wrapped by the key of a period
sealing_steps/{name}    what `make seal` has brought to its end
"""

from collections.abc import Mapping, Sequence
from typing import Final

from ion_mentoring.backends.firestore import Added, Document, Documents
from ion_mentoring.records.user_keys.protocol import PeriodKey, WrappedKeys

PERIODS: Final = "period_keys"
USERS: Final = "user_keys"
STEPS: Final = "sealing_steps"
PAGE: Final = 300


class FirestoreKeyStore:
    """One document a period and a holder."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def periods(self) -> tuple[PeriodKey, ...]:
        """All of them."""
        found = await self._documents.named(PERIODS)
        return tuple(PeriodKey(name, one["wrapped"], one["made_at"]) for name, one in found.items())

    async def add_period(self, key: PeriodKey) -> bool:
        """Creates it."""
        return await self._documents.create(PERIODS, key.period, {"wrapped": key.wrapped, "made_at": key.made_at})

    async def replace_period(self, key: PeriodKey) -> None:
        """Writes it."""
        await self._documents.commit([Added(PERIODS, key.period, {}, {"wrapped": key.wrapped, "made_at": key.made_at})])

    async def drop_period(self, period: str) -> None:
        """Deletes it."""
        await self._documents.delete(PERIODS, period)

    async def found(self, holders: Sequence[str]) -> Mapping[str, WrappedKeys]:
        """In one call."""
        found = await self._documents.some(USERS, list(holders)) if holders else {}
        return {name: _keys(name, one) for name, one in found.items()}

    async def add(self, keys: Sequence[WrappedKeys]) -> None:
        """In commits; where somebody was quicker with one of them, one after the other."""
        for start in range(0, len(keys), PAGE):
            documents = {key.holder: _document(key) for key in keys[start : start + PAGE]}
            if not await self._documents.create_all(USERS, documents):
                for name, document in documents.items():
                    await self._documents.create(USERS, name, document)

    async def replace(self, old: WrappedKeys, new: WrappedKeys) -> bool:
        """Writes where the old ones stand."""
        standing = await self._documents.versioned(USERS, old.holder)
        if standing is None or standing[0]["wrapped"] != old.wrapped:
            return False
        return await self._documents.replaced(USERS, old.holder, _document(new), standing[1]) is not None

    async def drop(self, holder: str) -> None:
        """Deletes them."""
        await self._documents.delete(USERS, holder)

    async def page(self, after: str, limit: int) -> tuple[WrappedKeys, ...]:
        """By name."""
        return tuple(_keys(name, one) for name, one in await self._documents.after(USERS, after, limit))

    async def counts(self) -> Mapping[str, int]:
        """Counted by the store, period by period."""
        names = sorted(await self._documents.named(PERIODS))
        counted = {name: await self._documents.count(USERS, "period", name) for name in names}
        return {name: number for name, number in counted.items() if number}

    async def flag(self, name: str) -> bool:
        """Looks for its document."""
        return await self._documents.get(STEPS, name) is not None

    async def raise_flag(self, name: str) -> None:
        """Writes its document."""
        await self._documents.commit([Added(STEPS, name, {}, {"done": True})])


def _document(key: WrappedKeys) -> Document:
    return {"period": key.period, "wrapped": key.wrapped}


def _keys(name: str, one: Document) -> WrappedKeys:
    return WrappedKeys(name, one["period"], one["wrapped"])
