"""The ledger with people under keyed names: keys of programs are told as they are, people and networks never."""

from dataclasses import replace
from typing import Final

from msgspec import Struct

from ion_mentoring.records.ledger.protocol import Entry, Ledger, Reservation, Spending
from ion_mentoring.records.paging import Page
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.sealing.pseudonyms import PERSON

SHOWN: Final = 24  # digits of a name: enough for any number of people


class KeyedLedger(Struct, frozen=True):
    """The same ledger, in which `sub:kim` is called `sub:~3f2a...`: the same one each time, and not to be guessed."""

    kept: Ledger
    keyring: Keyring

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> Reservation:
        """Reserves tokens."""
        return await self.kept.reserve(await self._name(caller), entry_id, month, tokens, limit)

    async def settle(self, entry: Entry, *, reserved_tokens: int = 0) -> bool:
        """Writes an entry."""
        named = replace(entry, caller=await self._name(entry.caller))
        return await self.kept.settle(named, reserved_tokens=reserved_tokens)

    async def own(self, caller: str, after: str) -> Page[Entry]:
        """The entries of a caller."""
        return await self.kept.own(await self._name(caller), after)

    async def spending(self, month: str) -> Spending:
        """The cost of a month, with people under their names here."""
        return await self.kept.spending(month)

    async def _name(self, caller: str) -> str:
        found = PERSON.fullmatch(caller)
        if found is None:
            return caller
        return f"{found['whose']}~{(await self.keyring.names()).of('caller', caller)[:SHOWN]}"
