"""The connection to a Valkey server: the one place that knows its client and its client's errors.

Connects at the first call and never at construction, with one short time limit for each call and no retries of the
client's own, since they would multiply it.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, cast

from valkey import asyncio as valkey
from valkey.asyncio.cluster import ClusterNode, ValkeyCluster
from valkey.asyncio.connection import Connection, SSLConnection
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import InvalidResponse, OutOfMemoryError, ResponseError, ValkeyClusterException, ValkeyError

from ion_mentoring.caching.address import ServerAddress
from ion_mentoring.errors import CacheUnavailable

TIMEOUT_S: Final = 0.1  # an instance whose VPC egress is not ready yet shall not make anybody wait
AT_ONCE: Final = 16  # connections; of 1,000 reads at once with as many connections, 878 ran out of time, with 16 none did

# What the client raises for bytes that are not its protocol, or are the answer to another question.
GARBAGE: Final = (InvalidResponse, ValueError, TypeError, LookupError, AttributeError, RecursionError)
FAILURES: Final = (ValkeyError, ValkeyClusterException, OSError, TimeoutError, EOFError, *GARBAGE)


class CacheRefused(CacheUnavailable):
    """L2 answers and refuses this one call: its memory is full, or the key holds something that is not ours."""


class ValkeyConnection:
    """What this library asks of a Valkey server; every failure is a CacheUnavailable within `timeout_s` seconds.

    `ca_pem` holds the certificates that may vouch for the server, in place of the system's; host names are checked.
    """

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S, ca_pem: str | None = None) -> None:
        self._address = ServerAddress.parse(url)
        self._timeout_s = timeout_s
        # One for all connections: loading the system's certificates takes 30 to 75 ms, and the loop stands still.
        self._tls = ssl.create_default_context(cadata=ca_pem) if self._address.encrypted else None
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._client = self._new_client()

    async def get(self, key: str) -> bytes | None:
        """The value at a key, None where there is none."""
        value = await self._asked(lambda client: client.get(key), lambda answer: isinstance(answer, bytes | None))
        return None if value is None else bytes(value)

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values at keys in their order, None where there is none or none of its kind, in one round trip to each node."""

        def ask(client: Any) -> Awaitable[Any]:
            if not self._address.clustered:
                return cast("Awaitable[Any]", client.mget(keys))
            pipeline = client.pipeline()
            for key in keys:
                pipeline.get(key)
            return cast("Awaitable[Any]", pipeline.execute(raise_on_error=False))

        answers = await self._asked(ask, partial(_are_values, len(keys)))
        return [answer if isinstance(answer, bytes) else None for answer in answers]

    async def set(self, key: str, value: bytes, *, ttl_ms: int) -> None:
        """Keeps a value for `ttl_ms` milliseconds, whatever was at the key."""
        await self._asked(lambda client: client.set(key, value, px=ttl_ms), lambda answer: answer is True)

    async def keep_first(self, key: str, value: bytes, *, ttl_ms: int) -> bytes:
        """The value at a key, which is this one, for `ttl_ms` milliseconds, if there was none."""
        kept = await self._asked(
            lambda client: client.set(key, value, px=ttl_ms, nx=True, get=True), lambda answer: isinstance(answer, bytes | None)
        )
        return value if kept is None else bytes(kept)

    async def delete(self, key: str) -> None:
        """Leaves nothing at a key; the server frees its memory by the way."""
        await self._asked(lambda client: client.unlink(key), lambda answer: answer in (0, 1))

    async def evaluate(self, script: str, key: str | tuple[str, ...], *arguments: int | str | bytes) -> list[int]:
        """The integers that a Lua script gives for a key, in one step that nothing comes between.

        Several keys have to be of one slot, which those with the same `{tag}` are.
        """
        keys = (key,) if isinstance(key, str) else key
        answer = await self._asked(lambda client: client.eval(script, len(keys), *keys, *arguments), _are_integers)
        return list(answer)

    async def ping(self) -> None:
        """Returns if the server answers."""
        await self._asked(lambda client: client.ping(), lambda answer: answer is True)

    async def close(self) -> None:
        """Closes the connections, quietly if the server is gone."""
        with suppress(*FAILURES):
            await self._client.aclose()

    async def _asked(self, ask: Callable[[Any], Awaitable[Any]], fits: Callable[[Any], bool]) -> Any:
        client = self._client
        try:
            async with asyncio.timeout(self._timeout_s), self._turns:
                client = self._client
                answer = await ask(client)
                if fits(answer):
                    return answer
                raise InvalidResponse("an answer of another kind than asked for")
        except FAILURES as error:
            if _is_refusal(error):
                raise CacheRefused(f"L2: {type(error).__name__}") from error
            if self._is_spoiled_by(error):
                await self._start_over(client)
            raise CacheUnavailable(f"L2: {type(error).__name__}") from error

    def _is_spoiled_by(self, error: BaseException) -> bool:
        """Whether a client is of no more use: its connections are out of step, or a cluster's forgot where to ask.

        ValkeyCluster drops a node that fails from those that it finds its cluster by, so that after an outage of all
        of them it would never find it again.
        """
        return isinstance(error, GARBAGE) or (self._address.clustered and not isinstance(error, TimeoutError))

    async def _start_over(self, spoiled: Any) -> None:
        if spoiled is not self._client:
            return
        self._client = self._new_client()
        with suppress(*FAILURES):
            await spoiled.aclose()

    def _new_client(self) -> Any:
        address = self._address
        options: dict[str, Any] = {"host": address.host, "port": address.port}
        options |= {"username": address.username, "password": address.password}
        options |= {"socket_timeout": self._timeout_s, "socket_connect_timeout": self._timeout_s}
        options |= {"lib_name": None, "lib_version": None}  # saves two answers at each connection
        options["retry"] = Retry(NoBackoff(), 0)
        if address.clustered:
            return _cluster(options, self._tls)
        kind = {"connection_class": _TlsConnection, "tls": self._tls} if self._tls else {"connection_class": Connection}
        return valkey.Valkey.from_pool(valkey.ConnectionPool(db=address.database, **kind, **options))


def _cluster(options: dict[str, Any], tls: ssl.SSLContext | None) -> Any:
    # One more attempt is for a slot that has moved; a pipeline makes none at all with 0. The time limit holds for both.
    cluster: Any = ValkeyCluster(connection_error_retry_attempts=0, cluster_error_retry_attempts=1, **options)
    cluster.commands_parser = _OneKeyCommands()
    if tls:
        # The constructor knows only its own kind of TLS connection: its nodes are made again with ours.
        cluster.connection_kwargs |= {"connection_class": _TlsConnection, "tls": tls}
        nodes = [
            ClusterNode(node.host, node.port, **cluster.connection_kwargs)
            for node in cluster.nodes_manager.startup_nodes.values()
        ]
        cluster.nodes_manager.startup_nodes = {node.name: node for node in nodes}
    return cluster


class _OneKeyCommands:
    """Knows where the key is in our commands; asking the server about all of its commands takes 70 to 100 ms."""

    async def initialize(self, node: ClusterNode | None = None) -> None:
        """Nothing needs to be asked."""

    async def get_keys(self, *args: Any) -> tuple[str, ...]:
        """The key of GET, SET and the like: their first argument."""
        return (args[1],)


class _TlsConnection(SSLConnection):
    """A connection that shares its TLS context, and so the check of host names, with all others."""

    def __init__(self, *, tls: ssl.SSLContext, **options: Any) -> None:
        super().__init__(**options)
        self.ssl_context.context = tls


def _is_refusal(error: BaseException) -> bool:
    return isinstance(error, OutOfMemoryError) or (isinstance(error, ResponseError) and str(error).startswith("WRONGTYPE"))


def _are_values(number: int, answer: Any) -> bool:
    """Whether these are so many values; a refusal among them is for a key that holds something of another kind."""
    if not isinstance(answer, list) or len(answer) != number:
        return False
    return all(isinstance(value, bytes | None) or (isinstance(value, Exception) and _is_refusal(value)) for value in answer)


def _are_integers(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(number, int) for number in answer)
