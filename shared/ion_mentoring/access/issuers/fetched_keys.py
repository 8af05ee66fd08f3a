"""The keys of an issuer that publishes them at a URL: kept, renewed behind the requests, and good for a day without the issuer.

An instance has a processor only while it answers, so nothing here counts on time of its own: a request that finds the keys old
begins a fetch and does not wait for it; one that was frozen on its way is over at the next request, which begins another.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from ion_mentoring.access.issuers.jwks import keys_in
from ion_mentoring.access.issuers.key import VerificationKey
from ion_mentoring.errors import IssuerUnavailable
from ion_mentoring.resilience.single_flight import SingleFlight
from ion_mentoring.telemetry.events import EventLog

FRESH_S: Final = 300.0  # after which a request renews the keys
LATE_S: Final = 900.0  # after which it waits a moment for them: nothing renewed them behind the requests before
STALE_S: Final = 24 * 3_600.0  # after which they are not relied on any more
PAUSE_S: Final = 30.0  # between two fetches, whatever tokens ask for
PATIENCE_S: Final = 0.25  # of a request that finds the keys late
WAIT_S: Final = 3.0  # of a token whose key is not there: a fetch takes no longer
MOST_OF_A_NAME: Final = 4  # keys that one token is tried with

Fetch = Callable[[], Awaitable[bytes]]


class FetchedKeys:
    """Keys by name. `fetch` bounds its own time and raises IssuerUnavailable; `now` is wall-clock time in seconds."""

    def __init__(self, issuer: str, fetch: Fetch, log: EventLog, now: Callable[[], float]) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._log = log
        self._now = now
        self._keys: tuple[VerificationKey, ...] = ()
        self._generation = 0
        self._fetched_at = self._tried_at = float("-inf")
        self._flight = SingleFlight(self._renew)

    def trusted(self, now: float) -> int | None:
        """The generation of the keys, which ends when the issuer withdraws one; begins to renew them where they are old."""
        if not self._within(FRESH_S, self._fetched_at, now) and self._may_ask(now):
            self._flight.begin()
        return self._generation if self._within(STALE_S, self._fetched_at, now) else None

    async def find(self, kid: str | None, algorithm: str) -> Sequence[VerificationKey]:
        """The keys of a name and an algorithm, of one without a name all; for one that is not known, the issuer is asked."""
        now = self._now()
        waited = self._may_ask(now)
        if self.trusted(now) is None:
            await self._asked(WAIT_S)
            if self.trusted(self._now()) is None:
                raise IssuerUnavailable("no keys", retry_after_s=PAUSE_S)
        elif waited and not self._within(LATE_S, self._fetched_at, now):
            await self._asked(PATIENCE_S)
        if not (found := self._of(kid, algorithm)):
            await self._asked(WAIT_S)
            found = self._of(kid, algorithm)
        return found

    def _of(self, kid: str | None, algorithm: str) -> Sequence[VerificationKey]:
        found = [key for key in self._keys if key.algorithm == algorithm and (kid is None or key.kid == kid)]
        return found if len(found) <= MOST_OF_A_NAME else ()

    async def _asked(self, within_s: float) -> None:
        """Waits for the fetch that is under way, or for one that may be begun; returns at once where neither is."""
        while self._flight.under_way or self._may_ask(self._now()):
            try:
                await self._flight.outcome(within_s)
            except TimeoutError:
                return
            except IssuerUnavailable:  # one that was frozen on its way is followed by another
                continue
            return

    def _may_ask(self, now: float) -> bool:
        return not self._within(PAUSE_S, self._tried_at, now)

    async def _renew(self) -> None:
        self._tried_at = asked_at = self._now()
        try:
            keys = keys_in(await self._fetch())
        except ValueError as error:
            self._log.warning("issuer_keys_refused", issuer=self._issuer, reason=str(error))
            raise IssuerUnavailable("no key set") from error
        except IssuerUnavailable as error:
            self._log.warning("issuer_unavailable", issuer=self._issuer, reason=str(error))
            raise
        self._take(keys)
        self._fetched_at = asked_at

    def _take(self, keys: tuple[VerificationKey, ...]) -> None:
        gone, new = set(self._keys) - set(keys), set(keys) - set(self._keys)
        self._keys = keys
        self._generation += bool(gone)
        if gone or new:
            self._log.info("issuer_keys", issuer=self._issuer, new=len(new), gone=len(gone))

    @staticmethod
    def _within(seconds: float, since: float, now: float) -> bool:
        """True if a time is so few seconds ago; one in the future, as clocks are set, is none."""
        return 0 <= now - since <= seconds
