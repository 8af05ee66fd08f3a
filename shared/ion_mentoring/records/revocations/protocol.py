"""The protocol of a store of revoked tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

RETENTION: Final = timedelta(hours=25)  # no token lives longer than a day

Kind = Literal["jti", "sub"]


@dataclass(frozen=True, slots=True)
class Revocation:
    """One token of a tenant's issuers by its `jti`, or all that a subject was given up to `made_at`."""

    tenant: str
    kind: Kind
    value: str
    made_at: datetime


class Revocations(Protocol):
    """Keeps revocations for `RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def put(self, revocation: Revocation) -> None:
        """Keeps one, in place of an earlier one of the same."""

    async def all(self) -> tuple[Revocation, ...]:
        """Those that may still matter, of all tenants."""
