"""The last erasure of a person, or their last word on being kept: nothing that an instance, a cache or a request holds of a
time before is told any more."""

from collections.abc import Iterable

from msgspec import Struct

from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.erasures.protocol import Erasures
from ion_mentoring.records.profiles.protocol import Profiles
from ion_mentoring.records.user_keys.keyring import Keyring


class LastErased(Struct, frozen=True):
    """Asks the list of erasures, which every instance shares; only for what is asked for seldom. `profiles` are asked for
    the consent to `keep`, where a tenant asks its people for consent."""

    erasures: Erasures
    keyring: Keyring
    profiles: Profiles | None = None

    async def __call__(self, owners: Iterable[str]) -> float:
        """The latest time in Unix seconds of some owners, 0 where none was erased; StoreUnavailable without the list."""
        named, names = tuple(owners), await self.keyring.names()
        found = [await self.erasures.get(holder_name(names, digest_of(owner))) for owner in named]
        erased = [(one.last_at or one.asked_at).timestamp() for one in found if one]
        return max([*erased, *[await self._said(self.profiles, owner) for owner in named if self.profiles]], default=0.0)

    async def _said(self, profiles: Profiles, owner: str) -> float:
        """The time at which consent to be kept was given or withdrawn last, 0 where nothing was said."""
        profile = await profiles.get(owner)
        said = profile.consent.purposes.get("keep") if profile else None
        return said.at.timestamp() if said else 0.0
