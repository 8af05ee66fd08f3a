"""A token that is kept: fetched when it is first needed, and again in the last minutes before it ends."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from ion_mentoring.errors import IdentityUnavailable
from ion_mentoring.resilience.single_flight import SingleFlight

RENEW_BEFORE_S: Final = 300.0  # earlier, the metadata server gives the same token again
PAUSE_S: Final = 10.0  # between two attempts to renew one that still serves
PATIENCE_S: Final = 0.05  # for a new one while the old one still serves


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the time (Unix seconds) at which it ends."""

    text: str = field(repr=False)
    expires_at: float


class CachedToken:
    """A token that is fetched when it is needed. `now` is wall-clock time in seconds, since instances may be frozen.

    Nothing renews it behind anybody's back: whoever asks first in the last minutes starts a fetch, which all others share.
    """

    def __init__(self, fetch: Callable[[], Coroutine[Any, Any, Token]], now: Callable[[], float]) -> None:
        """`fetch` bounds its own time and raises IdentityUnavailable."""
        self._fetch = fetch
        self._now = now
        self._kept: Token | None = None
        self._renew_from = 0.0
        self._renewal = SingleFlight(self._renew)

    async def text(self) -> str:
        """The token; IdentityUnavailable if none can be had and the last one has ended.

        While the last one serves, nobody waits longer than `PATIENCE_S` for the next, whatever comes of it.
        """
        kept = self._kept
        if kept is None or kept.expires_at <= self._now():
            return (await self._renewal.outcome()).text
        if self._now() < self._renew_from:
            return kept.text
        try:
            return (await self._renewal.outcome(PATIENCE_S)).text
        except (IdentityUnavailable, TimeoutError):
            return kept.text

    async def _renew(self) -> Token:
        self._renew_from = self._now() + PAUSE_S  # from now on, so that the others do not wait with the first
        token = await self._fetch()
        self._kept = token
        self._renew_from = max(token.expires_at - RENEW_BEFORE_S, self._renew_from)
        return token
