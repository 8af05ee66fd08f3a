"""The protocol of a store of chosen variants."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FlagChoice:
    """The variant that was chosen for a flag, for one tenant or (None) for all."""

    flag: str
    tenant: str | None
    variant: str
    chosen_at: datetime


class FlagChoices(Protocol):
    """Keeps one choice a flag and tenant. Every method raises StoreUnavailable if the store does not answer."""

    async def put(self, choice: FlagChoice) -> None:
        """Keeps a choice, in place of the one before."""

    async def remove(self, flag: str, tenant: str | None) -> None:
        """Forgets a choice, if there is one."""

    async def all(self) -> tuple[FlagChoice, ...]:
        """All choices, in no order."""
