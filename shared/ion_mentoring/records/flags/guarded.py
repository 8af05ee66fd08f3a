"""Chosen variants behind a breaker."""

from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.flags.protocol import FlagChoice, FlagChoices

WITHIN_S: Final = 2.0


class GuardedFlagChoices(Struct, frozen=True):
    """The same choices; StoreUnavailable in time."""

    kept: FlagChoices
    guards: Guards

    async def put(self, choice: FlagChoice) -> None:
        """Keeps a choice."""
        await self.guards.writing(lambda: self.kept.put(choice), WITHIN_S)

    async def remove(self, flag: str, tenant: str | None) -> None:
        """Forgets a choice."""
        await self.guards.writing(lambda: self.kept.remove(flag, tenant), WITHIN_S)

    async def all(self) -> tuple[FlagChoice, ...]:
        """All choices."""
        return await self.guards.reading(self.kept.all, WITHIN_S)
