"""The revocations that an instance knows, read again whenever their reading may not be relied on any more."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.revoked_tokens import RevokedTokens
from ion_mentoring.caching.reliance import Reading, Reliance
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.revocations.protocol import Revocations
from ion_mentoring.resilience.single_flight import SingleFlight
from ion_mentoring.telemetry.events import EventLog

AHEAD: Final = 0.5  # of the time for which they count, after which they are read again behind a request


class VerifiesTokens(Protocol):
    """What verifies tokens, and remembers those that it has."""

    async def caller(self, token: str, /) -> Caller:
        """The caller; Unauthenticated for a token that does not hold."""

    def forget(self) -> None:
        """Verifies all tokens anew."""


@dataclass(slots=True)
class KnownRevocations:
    """Names the callers of tokens that were not revoked.

    While the store does not answer, what is known counts on: a revoked token is one that once held, and everybody else has
    to be answered.
    """

    revocations: Revocations
    revoked: RevokedTokens
    tokens: VerifiesTokens
    reliance: Reliance
    log: EventLog
    _reading: Reading | None = None
    _flight: SingleFlight[None] = field(init=False)

    def __post_init__(self) -> None:
        self._flight = SingleFlight(self._read)

    async def caller(self, token: str) -> Caller:
        """The caller; Unauthenticated for a token that does not hold, or no longer."""
        if not self._fresh():
            await self._renewed()
        return await self.tokens.caller(token)

    def _fresh(self) -> bool:
        """True while what is known may be relied on; soon before that ends, it is read again behind the request."""
        reading, reliance = self._reading, self.reliance
        if reading is None or not reliance.holds(reading):
            return False
        if reliance.age(reading) > reliance.longest_s * AHEAD:
            self._flight.begin()
        return True

    async def _renewed(self) -> None:
        await self.reliance.asked()
        if not self._fresh():
            await self._flight.outcome()

    async def _read(self) -> None:
        reading = self.reliance.begun()
        try:
            found = await self.revocations.all()
        except StoreUnavailable as error:
            self.log.warning("revocations_unknown", reason=str(error))
        else:
            if self.revoked.take({(one.tenant, one.kind, one.value): one.made_at.timestamp() for one in found}):
                self.tokens.forget()
        self._reading = reading
