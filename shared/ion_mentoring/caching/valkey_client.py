"""The connection to a Valkey server: the one place that knows its client and its client's errors.

Connects at the first call and never at construction, with one short time limit for each call and no retries of the
client's own, since they would multiply it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from valkey import asyncio as valkey
from valkey.asyncio.cluster import ValkeyCluster
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import ClusterError, ValkeyClusterException, ValkeyError

from ion_mentoring.errors import CacheUnavailable, SettingsInvalid

SCHEMES = {"redis": "valkey", "rediss": "valkeys", "valkey": "valkey", "valkeys": "valkeys"}
TIMEOUT_S = 0.1  # an instance whose VPC egress is not ready yet shall not make anybody wait
FAILURES = (ValkeyError, ValkeyClusterException, ClusterError, OSError, TimeoutError, asyncio.IncompleteReadError)

# INCRBY and the window's expiry in one step, so that no counter is left without an end.
_COUNT = """
local total = server.call('INCRBY', KEYS[1], ARGV[1])
if total == tonumber(ARGV[1]) then server.call('PEXPIRE', KEYS[1], ARGV[2]) end
return total
"""


class ValkeyConnection:
    """What this library asks of a Valkey server; every failure is a CacheUnavailable within `timeout_s` seconds."""

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._client: Any = _client(url, timeout_s)

    async def get(self, key: str) -> bytes | None:
        """The value at a key, None where there is none."""
        async with self._answering():
            value: bytes | None = await self._client.get(key)
            return value

    async def set(self, key: str, value: bytes, *, ttl_ms: int) -> None:
        """Keeps a value for `ttl_ms` milliseconds."""
        async with self._answering():
            await self._client.set(key, value, px=ttl_ms)

    async def set_all(self, values: Mapping[str, bytes], *, ttl_ms: int) -> None:
        """Keeps many values in one round trip."""
        async with self._answering():
            pipeline = self._client.pipeline(transaction=False)
            for key, value in values.items():
                pipeline.set(key, value, px=ttl_ms)
            await pipeline.execute()

    async def count(self, key: str, amount: int, *, window_ms: int) -> int:
        """Adds to a counter that ends `window_ms` milliseconds after its first addition; the new total."""
        async with self._answering():
            total: int = await self._client.eval(_COUNT, 1, key, amount, window_ms)
            return total

    async def ping(self) -> None:
        """Returns if the server answers."""
        async with self._answering():
            await self._client.ping()

    async def close(self) -> None:
        """Closes the connections, quietly if the server is gone."""
        try:
            await self._client.aclose()
        except FAILURES as error:
            raise CacheUnavailable(f"closing: {type(error).__name__}") from error

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout_s):
                yield
        except FAILURES as error:
            raise CacheUnavailable(f"L2: {type(error).__name__}") from error


def _client(url: str, timeout_s: float) -> Any:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SettingsInvalid("CACHE_URL: is no redis://, rediss://, valkey:// or valkeys:// URL", field="CACHE_URL")
    clustered = parse_qs(parts.query).get("cluster", ["false"])[0].lower() == "true"
    address = urlunsplit((SCHEMES[parts.scheme], parts.netloc, parts.path, "", ""))
    options: dict[str, Any] = {"socket_timeout": timeout_s, "socket_connect_timeout": timeout_s}
    if SCHEMES[parts.scheme] == "valkeys":
        options |= {"ssl_check_hostname": True, "ssl_cert_reqs": "required", "ssl_min_version": ssl.TLSVersion.TLSv1_2}
    if clustered:
        return ValkeyCluster.from_url(address, cluster_error_retry_attempts=1, **options)
    return valkey.Valkey.from_url(address, retry=Retry(NoBackoff(), 0), **options)
