"""Revoked tokens behind a breaker."""

from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.revocations.protocol import Revocation, Revocations

WITHIN_S: Final = 2.0  # somebody waits for the answer


class GuardedRevocations(Struct, frozen=True):
    """The same revocations; StoreUnavailable in time."""

    kept: Revocations
    guards: Guards

    async def put(self, revocation: Revocation) -> None:
        """Keeps one."""
        await self.guards.writing(lambda: self.kept.put(revocation), WITHIN_S)

    async def all(self) -> tuple[Revocation, ...]:
        """Those that may still matter."""
        return await self.guards.reading(self.kept.all, WITHIN_S)
