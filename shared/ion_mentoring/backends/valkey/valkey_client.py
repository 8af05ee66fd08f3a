"""The connection to a Valkey server: the one place that knows its client and its client's errors.

Connects at the first call and never at construction, with one short time limit for each call and no retries of the
client's own, since they would multiply it.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, Final, cast

from valkey import asyncio as valkey
from valkey.asyncio.cluster import ClusterNode, ValkeyCluster
from valkey.asyncio.connection import Connection, SSLConnection
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import (
    AskError,
    BusyLoadingError,
    ClusterDownError,
    InvalidResponse,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    ValkeyClusterException,
    ValkeyError,
)

from ion_mentoring.backends.valkey.address import ServerAddress
from ion_mentoring.backends.valkey.credentials import IamCredentials
from ion_mentoring.backends.valkey.endpoint import Endpoint, Known, Where
from ion_mentoring.errors import CacheUnavailable

TIMEOUT_S: Final = 0.1  # an instance whose VPC egress is not ready yet shall not make anybody wait
AT_ONCE: Final = 16  # connections; of 1,000 reads at once with as many connections, 878 ran out of time, with 16 none did

# What the client raises for bytes that are not its protocol, or are the answer to another question.
GARBAGE: Final = (InvalidResponse, ValueError, TypeError, LookupError, AttributeError, RecursionError)
FAILURES: Final = (ValkeyError, ValkeyClusterException, OSError, TimeoutError, EOFError, CacheUnavailable, *GARBAGE)


# How a server says that another one is to be asked. After a failover behind one address it goes on to say so, for as long as
# its connection stands, and a new one leads to the right server. (A replica that holds what was asked for answers reads.)
ELSEWHERE: Final = ("READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "MOVED", "ASK", "NOREPLICAS")


class CacheRefused(CacheUnavailable):
    """L2 answers and refuses this one call: its memory is full, or the key holds something that is not ours."""


class ValkeyConnection:
    """A connection to a Valkey server; every failure is a CacheUnavailable within `timeout_s` seconds.

    It is at `where`; `credentials` are for one that takes access tokens. Where an endpoint has no certificates of its own
    that may vouch for it, the system's do; host names are checked.
    """

    def __init__(self, where: Where, credentials: IamCredentials | None = None, *, timeout_s: float = TIMEOUT_S) -> None:
        self._where = where
        self._credentials = credentials
        self._timeout_s = timeout_s
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._endpoint: Endpoint | None = None
        self._client: Any = None

    @staticmethod
    def to(url: str, *, timeout_s: float = TIMEOUT_S, ca_pem: str | None = None) -> "ValkeyConnection":
        """The connection to a server at a URL; SettingsInvalid if it is none."""
        return ValkeyConnection(Known(Endpoint(ServerAddress.parse(url), ca_pem)), timeout_s=timeout_s)

    async def get(self, key: str) -> bytes | None:
        """The value at a key, None where there is none."""
        value = await self._asked(lambda client: client.get(key), lambda answer: isinstance(answer, bytes | None))
        return None if value is None else bytes(value)

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values at keys in their order, None where there is none or none of its kind, in one round trip to each node."""

        def ask(client: Any) -> Awaitable[Any]:
            if not self._clustered:
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

    async def set_many(self, values: Mapping[str, bytes], *, ttl_ms: int) -> None:
        """Keeps a value at each key for `ttl_ms` milliseconds, in one round trip to each node; maybe some and not others."""

        def ask(client: Any) -> Awaitable[Any]:
            pipeline = client.pipeline() if self._clustered else client.pipeline(transaction=False)
            for key, value in values.items():
                pipeline.set(key, value, px=ttl_ms)
            return cast("Awaitable[Any]", pipeline.execute())

        await self._asked(ask, lambda answer: answer == [True] * len(values))

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

    async def highest(self, key: str, most: int) -> list[bytes]:
        """The members of a sorted set with the highest scores, the highest first."""
        answer = await self._asked(lambda client: client.zrevrange(key, 0, most - 1), _are_bytes)
        return list(answer)

    async def fields(self, key: str, names: Sequence[str]) -> list[bytes | None]:
        """The values of fields of a hash in their order, None where there is none."""
        return list(await self._asked(lambda client: client.hmget(key, names), partial(_are_values, len(names))))

    async def ping(self) -> None:
        """Returns if the server answers, whether or not it may be written to."""
        await self._asked(lambda client: client.ping(), lambda answer: answer is True)

    async def close(self) -> None:
        """Closes the connections, quietly if the server is gone."""
        await self._start_over(self._client)

    async def _asked(self, ask: Callable[[Any], Awaitable[Any]], fits: Callable[[Any], bool]) -> Any:
        client = self._client
        try:
            async with asyncio.timeout(self._timeout_s), self._turns:
                client = await self._ready()
                answer = await ask(client)
                if fits(answer):
                    return answer
                raise InvalidResponse("an answer of another kind than asked for")
        except FAILURES as error:
            if _is_refusal(error):
                raise CacheRefused(f"L2: {type(error).__name__}") from error
            if not isinstance(error, TimeoutError):
                self._where.forget()
            if self._is_spoiled_by(error):
                await self._start_over(client)
            raise CacheUnavailable(f"L2: {type(error).__name__}") from error

    async def _ready(self) -> Any:
        """The client for where the server is now."""
        endpoint = await self._where.endpoint()
        if endpoint is not self._endpoint:
            outdated, self._client = self._client, None
            self._endpoint = endpoint
            await self._close(outdated)
        if self._client is None:
            self._client = _client(endpoint, self._credentials if endpoint.iam else None, self._timeout_s)
        return self._client

    def _is_spoiled_by(self, error: BaseException) -> bool:
        """True if a client is of no more use: its connections are out of step or lead elsewhere, or a cluster lost its nodes.

        ValkeyCluster drops a node that fails from those that it finds its cluster by, so that after an outage of all
        of them it would never find it again.
        """
        if isinstance(error, GARBAGE) or _is_elsewhere(error):
            return True
        return self._clustered and not isinstance(error, TimeoutError)

    @property
    def _clustered(self) -> bool:
        return self._endpoint is not None and self._endpoint.address.clustered

    async def _start_over(self, spoiled: Any) -> None:
        if spoiled is self._client:
            self._client = None
            await self._close(spoiled)

    async def _close(self, client: Any) -> None:
        if client is not None:
            with suppress(*FAILURES):
                await client.aclose()


def _client(endpoint: Endpoint, credentials: IamCredentials | None, timeout_s: float) -> Any:
    address = endpoint.address
    options: dict[str, Any] = {"host": address.host, "port": address.port}
    options |= {"username": address.username, "password": address.password}
    options |= {"socket_timeout": timeout_s, "socket_connect_timeout": timeout_s}
    options |= {"lib_name": None, "lib_version": None}  # saves two answers at each connection
    options["retry"] = Retry(NoBackoff(), 0)
    kind: dict[str, Any] = {}
    if address.encrypted:
        kind = {"connection_class": _TlsConnection, "tls": _trust(endpoint.ca_pem)}
    if credentials:
        kind |= {"credential_provider": credentials, "valkey_connect_func": credentials.introduce}
    if address.clustered:
        return _cluster(options, kind)
    options |= {"db": address.database, "connection_class": Connection, **kind}
    return valkey.Valkey.from_pool(valkey.ConnectionPool(**options))


@lru_cache(maxsize=2)
def _trust(ca_pem: str | None) -> ssl.SSLContext:
    """One for all connections: loading the system's certificates takes 30 to 75 ms, and the loop stands still."""
    return ssl.create_default_context(cadata=ca_pem)


def _cluster(options: dict[str, Any], kind: dict[str, Any]) -> Any:
    # One more attempt is for a slot that has moved; a pipeline makes none at all with 0. The time limit holds for both.
    cluster: Any = ValkeyCluster(connection_error_retry_attempts=0, cluster_error_retry_attempts=1, **options)
    cluster.commands_parser = _OneKeyCommands()
    if kind:
        # The constructor knows only its own kinds of connection: its nodes are made again with ours.
        cluster.connection_kwargs |= kind
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


def _is_elsewhere(error: BaseException) -> bool:
    """True if a server said so; the client takes the code off the message where it has an error of its own for it."""
    if isinstance(error, ReadOnlyError | BusyLoadingError | ClusterDownError | AskError):
        return True
    return isinstance(error, ResponseError) and str(error).startswith(ELSEWHERE)


def _are_values(number: int, answer: Any) -> bool:
    """True if these are so many values; a refusal among them is for a key that holds something of another kind."""
    if not isinstance(answer, list) or len(answer) != number:
        return False
    return all(isinstance(value, bytes | None) or (isinstance(value, Exception) and _is_refusal(value)) for value in answer)


def _are_bytes(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(value, bytes) for value in answer)


def _are_integers(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(number, int) for number in answer)
