"""The clients of this process, made when they are needed; the platform never says when it is over, the local set does."""

import os
import time
import weakref
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # who asks nobody over HTTP does not pay for importing the client
    import httpx2

    from ion_mentoring.backends.identity.access_tokens import AccessTokens
    from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection

_MADE: Final["weakref.WeakSet[httpx2.AsyncClient]"] = weakref.WeakSet()
_CONNECTIONS: Final["weakref.WeakSet[ValkeyConnection]"] = weakref.WeakSet()
KEPT_S: Final = 1.0  # gunicorn closes an idle connection after 2 s: ours have to be given up before


def http_client(*, at_once: int) -> "httpx2.AsyncClient":
    """A client with at most so many connections. Every wait on it is bounded by those who wait, not by itself."""
    import httpx2

    limits = httpx2.Limits(max_connections=at_once, keepalive_expiry=KEPT_S)
    client = httpx2.AsyncClient(limits=limits, trust_env=False, timeout=httpx2.Timeout(None, connect=5))
    _MADE.add(client)
    return client


@lru_cache(maxsize=1)
def access_tokens() -> "AccessTokens":
    """The access tokens of this function's own account, shared by all that need them."""
    from ion_mentoring.backends.identity.access_tokens import AccessTokens
    from ion_mentoring.backends.identity.metadata import MetadataServer

    return AccessTokens(MetadataServer(http_client(at_once=2), metadata_host()), time.time)


def metadata_host() -> str:
    """The host of the metadata server; GCE_METADATA_HOST names another than the platform's."""
    from ion_mentoring.backends.identity.metadata import METADATA_HOST

    return os.environ.get("GCE_METADATA_HOST") or METADATA_HOST


def closing(connection: "ValkeyConnection") -> "ValkeyConnection":
    """The same connection, which is closed with the clients."""
    _CONNECTIONS.add(connection)
    return connection


async def close() -> None:
    """Closes the connections of all clients."""
    for connection in tuple(_CONNECTIONS):
        await connection.close()
        _CONNECTIONS.discard(connection)
    for client in tuple(_MADE):
        await client.aclose()
        _MADE.discard(client)
