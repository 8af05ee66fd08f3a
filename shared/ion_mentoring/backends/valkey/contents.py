"""All that a Valkey server holds, for whoever looks whether something is in it; never for what answers people."""

from collections.abc import AsyncIterator
from typing import Any, Final

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from ion_mentoring.errors import CacheUnavailable

_READ: Final[dict[bytes, Any]] = {
    b"string": lambda client, key: client.get(key),
    b"hash": lambda client, key: client.hgetall(key),
    b"list": lambda client, key: client.lrange(key, 0, -1),
    b"set": lambda client, key: client.smembers(key),
    b"zset": lambda client, key: client.zrange(key, 0, -1),
    b"stream": lambda client, key: client.xrange(key),
}


async def contents(url: str) -> AsyncIterator[tuple[str, bytes]]:
    """The keys, each with its name and its value as bytes, whatever its type."""
    client: Any = Valkey.from_url(url)
    try:
        async for key in client.scan_iter(count=1_000):
            read = _READ.get(await client.type(key))
            yield repr(key), key + b"\n" + _bytes(await read(client, key) if read else None)
    except ValkeyError as error:
        raise CacheUnavailable(f"L2: {type(error).__name__}") from error
    finally:
        await client.aclose()


def _bytes(value: Any) -> bytes:
    """A value of any type, all its parts one after the other."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, dict):
        return b"\n".join(_bytes(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set):
        return b"\n".join(map(_bytes, value))
    return b"" if value is None else str(value).encode()
