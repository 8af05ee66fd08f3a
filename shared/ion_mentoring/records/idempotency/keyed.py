"""Records of requests under keyed names: a copy of the store does not tell which key of which caller was used."""

from msgspec import Struct

from ion_mentoring.records.idempotency.protocol import Claim, Record, Records
from ion_mentoring.records.user_keys.keyring import Keyring


class KeyedRecords(Struct, frozen=True):
    """The same records; a claim carries the name that the store knows."""

    kept: Records
    keyring: Keyring

    async def claim(self, name: str, wanted: Record) -> Claim | Record:
        """The right to answer, or the record that stands."""
        return await self.kept.claim((await self.keyring.names()).of("request", name), wanted)

    async def update(self, claim: Claim, record: Record) -> Claim | None:
        """Writes the record of a claim."""
        return await self.kept.update(claim, record)
