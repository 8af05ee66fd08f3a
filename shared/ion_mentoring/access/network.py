"""By which network a client is counted: its IPv4 address, or the /64 of its IPv6 address, of which one person has all."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

HOST_BITS: Final = 64
NEAR_BITS: Final = 8  # of an IPv4 address
LONGEST: Final = 64  # characters: an address with brackets, zone and port is shorter


def network_of(sent: str) -> str | None:
    """The network of an address in any of the forms that proxies write: with a port, in brackets, IPv4 mapped into IPv6.

    A /64 is written as its first address. None for what is no address.
    """
    return _network(sent) if len(sent) <= LONGEST else None


@lru_cache(maxsize=4096)
def _network(sent: str) -> str | None:
    try:
        address = ip_address(_bare(sent.strip(' \t"')))
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    return _counted(address)


def _bare(sent: str) -> str:
    """The address alone, without brackets, port and zone (RFC 7239, 6; RFC 4007, 11)."""
    if sent.startswith("["):
        inside, closed, behind = sent[1:].partition("]")
        return inside.partition("%")[0] if closed and _is_port(behind) else ""
    host, colon, port = sent.partition(":")
    if colon and ":" not in port:
        return host if _is_port(colon + port) else ""
    return sent.partition("%")[0]


def _is_port(behind: str) -> bool:
    return not behind or (behind[0] == ":" and behind[1:].isascii() and behind[1:].isdigit())


def _counted(address: IPv6Address) -> str:
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> HOST_BITS << HOST_BITS))


@lru_cache(maxsize=4096)
def neighbourhood(network: str) -> str:
    """The /24 of an IPv4 address, by its first address: one household, office or provider's pool; a /64 is one already."""
    try:
        address = ip_address(network)
    except ValueError:
        return network
    if isinstance(address, IPv4Address):
        return str(IPv4Address(int(address) >> NEAR_BITS << NEAR_BITS))
    return network
