"""The ledger behind a breaker: what it does not take in time stands in the log instead."""

from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.ledger.protocol import Entry, Ledger, Reservation, Spending
from ion_mentoring.records.paging import Page

LISTED_WITHIN_S: Final = 5.0
WITHIN_S: Final = 1.5  # less than an answer waits for it, so that the breaker hears of what was too late


class GuardedLedger(Struct, frozen=True):
    """The same ledger; StoreUnavailable in time."""

    kept: Ledger
    guards: Guards

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> Reservation:
        """Reserves tokens."""
        return await self.guards.writing(lambda: self.kept.reserve(caller, entry_id, month, tokens, limit), WITHIN_S)

    async def settle(self, entry: Entry, *, reserved_tokens: int = 0) -> bool:
        """Writes an entry."""
        return await self.guards.writing(lambda: self.kept.settle(entry, reserved_tokens=reserved_tokens), WITHIN_S)

    async def own(self, caller: str, after: str) -> Page[Entry]:
        """The entries of a caller."""
        return await self.guards.reading(lambda: self.kept.own(caller, after), LISTED_WITHIN_S)

    async def spending(self, month: str) -> Spending:
        """The cost of a month."""
        return await self.guards.reading(lambda: self.kept.spending(month), WITHIN_S)
