"""The last erasure of a person: nothing that an instance, a cache or a request holds of a time before is told any more."""

from collections.abc import Iterable
from dataclasses import dataclass

from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.erasures.protocol import Erasures
from ion_mentoring.records.user_keys.keyring import Keyring


@dataclass(frozen=True, slots=True)
class LastErased:
    """Asks the list of erasures, which every instance shares; only for what is asked for seldom."""

    erasures: Erasures
    keyring: Keyring

    async def __call__(self, owners: Iterable[str]) -> float:
        """The latest time in Unix seconds of some owners, 0 where none was erased; StoreUnavailable without the list."""
        names = await self.keyring.names()
        found = [await self.erasures.get(holder_name(names, digest_of(owner))) for owner in owners]
        return max(((one.last_at or one.asked_at).timestamp() for one in found if one), default=0.0)
