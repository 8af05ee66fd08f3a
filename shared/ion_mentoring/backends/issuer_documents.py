"""The documents that issuers of tokens publish: fetched whole, small, in time and from the named address, or not at all."""

import asyncio
from typing import Final

import httpx2

from ion_mentoring.errors import IssuerUnavailable

MOST_BYTES: Final = 256 * 1024
WITHIN_S: Final = 2.5


async def fetched(client: httpx2.AsyncClient, url: str) -> bytes:
    """The document at a URL; IssuerUnavailable for anything else, in bounded time and memory. Redirects lead elsewhere."""
    try:
        async with asyncio.timeout(WITHIN_S), client.stream("GET", url, headers=_HEADERS, follow_redirects=False) as response:
            return await _whole(response)
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        raise IssuerUnavailable(type(error).__name__) from error


_HEADERS: Final = {"accept": "application/json", "accept-encoding": "identity"}


async def _whole(response: httpx2.Response) -> bytes:
    if response.status_code != httpx2.codes.OK:
        raise IssuerUnavailable(f"status {response.status_code}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise IssuerUnavailable("compressed")  # a few bytes of it may be many
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise IssuerUnavailable("too large")
    return bytes(body)
