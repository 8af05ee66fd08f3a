"""L2 behind a breaker: what it cannot answer is counted, and it is left alone for a while."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeVar

from ion_mentoring.backends.valkey.valkey_client import CacheRefused, ValkeyConnection
from ion_mentoring.errors import CacheUnavailable
from ion_mentoring.resilience.breaker import Breaker, Trouble

NAMESPACE: Final = "ion:2:"
PROBE: Final = NAMESPACE + "probe"  # what health checks write
PROBE_MS: Final = 1_000

Answer = TypeVar("Answer")


class GuardedServer:
    """The requests to L2 beside entries. None of it raises for a server that is away: it gives nothing, and counts why.

    `failures` are calls that were not answered, `refused` those answered with a no, and `skipped` those not made, since the
    server was left alone. `tell` hears the reason of each of the first two.
    """

    def __init__(
        self, connection: ValkeyConnection, breaker: Breaker, tell: Callable[[str], None] = lambda _reason: None
    ) -> None:
        self._connection = connection
        self._breaker = breaker
        self._tell = tell
        self.failures = self.refused = self.skipped = 0

    @property
    def resting(self) -> bool:
        """True while the server is left alone after failures, until it has answered again."""
        return self._breaker.open

    @property
    def trouble(self) -> Trouble | None:
        """The failures since the server last answered; None if there are none."""
        return self._breaker.trouble

    async def evaluate(self, script: str, keys: tuple[str, ...], *arguments: int | str) -> list[int] | None:
        """The integers that a script gives; None if it could not be run."""
        return await self.quietly(lambda: self._connection.evaluate(script, keys, *arguments))

    async def highest(self, key: str, most: int) -> list[str]:
        """The members with the highest scores of a sorted set; none if it could not be read."""
        return [
            member.decode("ascii", "replace")
            for member in await self.quietly(lambda: self._connection.highest(key, most)) or []
        ]

    async def fields(self, key: str, names: list[str]) -> list[str | None]:
        """The values of fields of a hash, None where there is none or it could not be read."""
        found = await self.quietly(lambda: self._connection.fields(key, names)) or [None] * len(names)
        return [None if value is None else value.decode("ascii", "replace") for value in found]

    async def keep(self, values: Mapping[str, bytes], *, ttl_ms: int) -> None:
        """Keeps values under names of ours for so long, in one round trip to each node, if the server takes them."""
        named = {NAMESPACE + name: value for name, value in values.items()}
        await self.quietly(lambda: self._connection.set_many(named, ttl_ms=ttl_ms))

    async def kept(self, names: Sequence[str]) -> list[bytes | None]:
        """The values under names of ours, None where there is none or it could not be read."""
        keys = [NAMESPACE + name for name in names]
        return await self.quietly(lambda: self._connection.get_many(keys)) or [None] * len(names)

    async def reachable(self) -> bool:
        """True if the server takes a write now; asked by health checks, and not counted as traffic.

        A replica that was a primary once answers all but writes. One that is full refuses them, and gives what it has.
        """
        try:
            await self._connection.set(PROBE, b"", ttl_ms=PROBE_MS)
        except CacheRefused:
            pass
        except CacheUnavailable:
            return False
        self._breaker.succeeded()
        return True

    async def quietly(self, ask: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """The answer to a request, None where the server is left alone or does not answer."""
        if not self.allowed():
            return None
        try:
            return await self.answered(ask())
        except CacheUnavailable:
            return None

    def allowed(self) -> bool:
        """True if the server may be asked now."""
        allowed = self._breaker.allows()
        self.skipped += not allowed
        return allowed

    async def answered(self, asked: Awaitable[Answer]) -> Answer:
        """The server's answer, counted; a refusal is an answer as far as the breaker is concerned."""
        try:
            answer = await asked
        except CacheRefused as refusal:
            self.refused += 1
            self._breaker.succeeded()
            self._tell(str(refusal))
            raise
        except CacheUnavailable as failure:
            self.failures += 1
            self._breaker.failed(str(failure))
            self._tell(str(failure))
            raise
        self._breaker.succeeded()
        return answer
