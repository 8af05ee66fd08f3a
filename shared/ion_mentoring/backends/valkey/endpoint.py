"""The endpoint of a Memorystore instance, found by the instance's name when it is first needed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from msgspec import Struct

from ion_mentoring.backends.valkey.address import ServerAddress
from ion_mentoring.errors import CacheUnavailable, IdentityUnavailable, SettingsInvalid
from ion_mentoring.resilience.single_flight import SingleFlight

SEARCH_S: Final = 20.0  # all of it: the client's import, the instance, its certificate authority
PAUSE_S: Final = 3.0  # after a search that failed, so that what is back is found within 5 s
LONG_PAUSE_S: Final = 60.0  # after one that fails until somebody does something about it
BELIEVED_S: Final = 60.0  # nobody looks again sooner after a search that succeeded


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The endpoint of an instance, and its protocol.

    `ca_pem` are the certificates that vouch for an encrypted one, `iam` says that it takes an access token as password.
    """

    address: ServerAddress
    ca_pem: str | None = field(default=None, repr=False)
    iam: bool = False


class Where(Protocol):
    """Something that knows where L2 is."""

    async def endpoint(self) -> Endpoint:
        """The endpoint; CacheUnavailable if it cannot be found."""

    def forget(self) -> None:
        """Has the next call look again, as what was found cannot be reached or trusted."""


class Known(Struct, frozen=True):
    """An endpoint that stands in the settings."""

    at: Endpoint

    async def endpoint(self) -> Endpoint:
        """It."""
        return self.at

    def forget(self) -> None:
        """Nobody could look anywhere else."""


class Discovered:
    """An endpoint that is found at the first call and kept; `now` is in seconds.

    `find` gets an access token from `token` and runs in a thread: it may block for as long as its own limits let it, and
    import what it needs. `told` hears of each search that failed; between them are pauses, in which nothing is asked.
    """

    def __init__(
        self,
        find: Callable[[str], Endpoint],
        token: Callable[[], Awaitable[str]],
        now: Callable[[], float],
        told: Callable[[CacheUnavailable], object],
        *,
        search_s: float = SEARCH_S,
    ) -> None:
        self._find = find
        self._token = token
        self._now = now
        self._told = told
        self._search_s = search_s
        self._search = SingleFlight(self._searched)
        self._found: Endpoint | None = None
        self._failed = ""
        self._again_from = 0.0

    async def endpoint(self) -> Endpoint:
        """The endpoint; CacheUnavailable if it cannot be found. Whoever stops waiting does not stop the search."""
        if self._found:
            return self._found
        if self._failed and self._now() < self._again_from:
            raise CacheUnavailable(self._failed)
        return await self._search.outcome()

    def forget(self) -> None:
        """Has the next call look again, as what was found cannot be reached or trusted; at most once in a minute."""
        if self._now() >= self._again_from:
            self._found = None

    async def _searched(self) -> Endpoint:
        try:
            async with asyncio.timeout(self._search_s):
                self._found = await asyncio.to_thread(self._find, await self._token())
        except (CacheUnavailable, IdentityUnavailable, SettingsInvalid, TimeoutError) as error:
            raise self._failure(error) from error
        self._failed, self._again_from = "", self._now() + BELIEVED_S
        return self._found

    def _failure(self, error: Exception) -> CacheUnavailable:
        """The error that everybody gets until the next search; a wrong setting is no reason for an answer to fail, either."""
        self._again_from = self._now() + (LONG_PAUSE_S if isinstance(error, SettingsInvalid) else PAUSE_S)
        self._failed = f"L2 not found: {error}" if str(error) else "L2 not found in time"
        failure = CacheUnavailable(self._failed)
        self._told(failure)
        return failure
