"""The revocations that an instance knows, read again whenever there may be others.

That there are others is told by the order of invalidations, which travels with every read of L2. Where there is no L2, or it is
away, they are read again after the declared time; another region's, which are in no order of ours, within a minute.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.revoked_tokens import RevokedTokens
from ion_mentoring.caching.entry import Epoch
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.revoking.revoke_tokens import CHANGED
from ion_mentoring.records.revocations.protocol import Revocations
from ion_mentoring.resilience.single_flight import SingleFlight
from ion_mentoring.telemetry.events import EventLog

FAR_S: Final = 60.0  # so long may another region's revocation take
AHEAD: Final = 0.5  # of that time, after which they are read again behind a request


class VerifiesTokens(Protocol):
    """What verifies tokens, and remembers those that it has."""

    async def caller(self, token: str, /) -> Caller:
        """The caller; Unauthenticated for a token that does not hold."""

    def forget(self) -> None:
        """Verifies all tokens anew."""


@dataclass(slots=True)
class KnownRevocations:
    """Names the callers of tokens that were not revoked. `verify` brings the order of invalidations, None without L2.

    While the store does not answer, what is known counts on: a revoked token is one that once held, and everybody else has
    to be answered. `max_unverified_s` is the declared time, `now` wall-clock time in seconds.
    """

    revocations: Revocations
    revoked: RevokedTokens
    tokens: VerifiesTokens
    epochs: Epochs
    verify: Callable[[], Awaitable[bool]] | None
    log: EventLog
    max_unverified_s: float
    now: Callable[[], float]
    _read_at: float = float("-inf")
    _epoch: Epoch | None = None
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
        told = self.verify is not None and self.epochs.verified
        age, longest = self.now() - self._read_at, FAR_S if told else self.max_unverified_s
        if not 0 <= age <= longest:
            return False
        if self._epoch is not self.epochs.current:
            if self._epoch is None or not self.epochs.holds(self._epoch, CHANGED):
                return False
            self._epoch = self.epochs.current
        if age > longest * AHEAD:
            self._flight.begin()
        return True

    async def _renewed(self) -> None:
        if self.verify and not self.epochs.verified:
            await self.verify()
            if self._fresh():
                return
        await self._flight.outcome()

    async def _read(self) -> None:
        epoch, read_at = self.epochs.current, self.now()  # before: what is revoked meanwhile is read again
        try:
            found = await self.revocations.all()
        except StoreUnavailable as error:
            self.log.warning("revocations_unknown", reason=str(error))
        else:
            if self.revoked.take({(one.tenant, one.kind, one.value): one.made_at.timestamp() for one in found}):
                self.tokens.forget()
        self._epoch, self._read_at = epoch, read_at
