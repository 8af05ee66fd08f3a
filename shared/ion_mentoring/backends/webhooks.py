"""Calls of receivers that callers name: to public addresses alone, whatever a name leads to when it is called.

A name is resolved once, every address that it has is looked at, and the connection goes to one of just those addresses: a name
that leads elsewhere a moment later leads nowhere. A redirect is a refusal.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx2
from msgspec import Struct

from ion_mentoring.errors import ValidationFailed, WebhookFailed
from ion_mentoring.sealing.webhooks import secrets_of, signature

TIMEOUT_S: Final = 10.0
TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # NAT64 (RFC 6052): an IPv4 address in the last four bytes
METADATA: Final = ("metadata", "metadata.google.internal")

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
Allowed = Callable[[Address], bool]


class Receivers(Struct, frozen=True):
    """The receivers that may be called; `plain` lets http in, and `allowed` says to which addresses calls may go."""

    allowed: Allowed
    plain: bool = False

    def check(self, url: str) -> SplitResult:
        """The parts of a URL; ValidationFailed where it may not be called at all, as far as can be told before it is."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise _refused("is no URL") from None
        if parts.scheme != "https" and not (self.plain and parts.scheme == "http"):
            raise _refused("begins with https://")
        if parts.username or parts.password or not host or host.rstrip(".").lower() in METADATA:
            raise _refused("names a public host, and no user")
        literal = _literal(host)
        if literal is not None and not self.allowed(literal):
            raise _refused("is no private, local or reserved address")
        return parts


class WebhookClient(Struct, frozen=True):
    """Calls receivers; `masters` are the secrets that theirs are made of, the newest first, `now` is in seconds."""

    client: httpx2.AsyncClient
    receivers: Receivers
    resolve: Resolve
    masters: Sequence[str]
    now: Callable[[], float]

    async def __call__(self, url: str, body: bytes, *, event_id: str, owner: str) -> None:
        """Returns once the receiver has taken it (2xx); WebhookFailed if not, in bounded time."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                status = await self._status(self.receivers.check(url), body, event_id, owner)
        except ValidationFailed as error:
            raise WebhookFailed("may not be called") from error
        except TimeoutError as error:
            raise WebhookFailed("did not answer in time") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            raise WebhookFailed(f"was not reached: {type(error).__name__}") from error
        if not 200 <= status < 300:
            raise WebhookFailed(f"answered {status}")

    async def _status(self, parts: SplitResult, body: bytes, event_id: str, owner: str) -> int:
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._address(host, port)
        literal = f"[{address}]" if address.version == 6 else str(address)
        target = parts._replace(netloc=f"{literal}:{port}", fragment="").geturl()
        headers = {
            "host": parts.netloc,
            "content-type": "application/json",
            "user-agent": "ion-mentoring",
            "connection": "close",  # a connection is verified for one name, and another one may have the same address
            "x-ion-event-id": event_id,
            "x-ion-signature": signature(secrets_of(self.masters, owner), body, int(self.now())),
        }
        asked = self.client.stream(
            "POST", target, content=body, headers=headers, follow_redirects=False, extensions={"sni_hostname": host}
        )
        async with asked as response:  # what it says is not read
            return response.status_code

    async def _address(self, host: str, port: int) -> Address:
        """One of a host's addresses; WebhookFailed where any of them is not public."""
        literal = _literal(host)
        addresses = [literal] if literal is not None else await self.resolve(host, port)
        if not addresses or not all(map(self.receivers.allowed, addresses)):
            raise WebhookFailed("leads to an address that may not be called")
        return addresses[0]


async def resolved(host: str, port: int) -> list[Address]:
    """The addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]


def public(address: Address) -> bool:
    """True for an address that anybody in the internet can reach, and that hides none that only we can."""
    if isinstance(address, IPv6Address):
        if inner := address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]:
            return public(inner)
        if address in TRANSLATED:
            return public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def local(address: Address) -> bool:
    """The same, and this machine itself: for a laptop."""
    return public(address) or address.is_loopback


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _refused(rule: str) -> ValidationFailed:
    return ValidationFailed("webhook", field="webhook_url", details={"rule": rule})
