"""One attempt at answering a request: alone with it from its beginning to its end, where it carries a key."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final, Protocol, Self

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.idempotency.protocol import Claim
from ion_mentoring.resilience import deadline

HOLDS_EVERY_S: Final = 2.0
LETS_GO_WITHIN_S: Final = 1.0  # also where the request's own time is over


class Attempt:
    """An attempt at a request without a key: nothing was answered before, and nothing is kept.

    `entry` names what the answer leaves in a session, `answered` is the answer that was given before.
    """

    entry: str | None = None
    answered: bytes | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def keep(self, answer: bytes) -> None:
        """Keeps the answer for whoever sends the same request again."""


class Keyed(Protocol):
    """A request under its key, as an attempt needs it."""

    async def claimed(self) -> Claim | bytes:
        """The right to answer, or the answer that was given."""

    async def held(self, claim: Claim) -> Claim | None:
        """The claim for some more seconds; None if it is lost."""

    async def let_go(self, claim: Claim) -> None:
        """Lets whoever asks next answer."""

    async def finished(self, claim: Claim, answer: bytes) -> None:
        """Keeps the answer."""


class Kept(Attempt):
    """An attempt at a request with a key: it is held as long as we are at it, and let go if there is no answer to keep."""

    def __init__(self, request: Keyed, *, holds_every_s: float = HOLDS_EVERY_S) -> None:
        self._request = request
        self._holds_every_s = holds_every_s
        self._claim: Claim | None = None
        self._over = asyncio.Event()

    async def __aenter__(self) -> Self:
        claimed = await self._request.claimed()
        if isinstance(claimed, bytes):
            self.answered = claimed
            return self
        self._claim, self.entry = claimed, claimed.record.entry
        self._holding = asyncio.create_task(self._hold())
        return self

    async def keep(self, answer: bytes) -> None:
        """Keeps the answer under the claim."""
        if claim := await self._ended():
            await self._request.finished(claim, answer)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        within = deadline.CURRENT.set(deadline.Deadline.after(LETS_GO_WITHIN_S))
        try:
            if claim := await self._ended():
                with suppress(StoreUnavailable):
                    await self._request.let_go(claim)
        finally:
            deadline.CURRENT.reset(within)

    async def _ended(self) -> Claim | None:
        """The claim, which is ours to use once; the holding has ended, so that nobody writes beside us."""
        if self._claim is None:
            return None
        self._over.set()
        await asyncio.wait((self._holding,))  # whoever stops waiting for it does not stop it
        claim, self._claim = self._claim, None
        return claim

    async def _hold(self) -> None:
        """Holds the claim until it is over, or lost."""
        while self._claim and not await self._waited():
            with suppress(StoreUnavailable):
                self._claim = await self._request.held(self._claim)

    async def _waited(self) -> bool:
        """True if it was over before the next time to hold."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._holds_every_s):
                await self._over.wait()
        return self._over.is_set()
