"""Records of requests behind a breaker: without them nobody can tell what was answered, so their failure is told at once."""

from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.idempotency.protocol import Claim, Record, Records

WITHIN_S: Final = 2.0  # somebody waits for the answer


class GuardedRecords(Struct, frozen=True):
    """The same records; StoreUnavailable in time."""

    kept: Records
    guards: Guards

    async def claim(self, name: str, wanted: Record) -> Claim | Record:
        """The right to answer, or the record that stands."""
        return await self.guards.writing(lambda: self.kept.claim(name, wanted), WITHIN_S)

    async def update(self, claim: Claim, record: Record) -> Claim | None:
        """Writes the record of a claim."""
        return await self.guards.writing(lambda: self.kept.update(claim, record), WITHIN_S)
