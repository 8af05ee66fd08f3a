"""Memory that an instance holds for each connection that is open, and for each session that was begun."""

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from loadtests.footprint import resident_kib
from loadtests.target import Target
from loadtests.trouble import NothingToSay
from loadtests.visitor import Visitor

TURNS: Final = 2  # of a session


@dataclass(frozen=True, slots=True)
class Holding:
    """KiB a connection and a session, and how many of them were measured."""

    connections: int
    connection_kib: float
    sessions: int
    session_kib: float

    def lines(self) -> list[str]:
        """The figures in words."""
        return [
            f"a connection {self.connection_kib:7.1f} KiB, of {self.connections:,}",
            f"a session    {self.session_kib:7.1f} KiB, of {self.sessions:,} with {TURNS} turns each (words lie in the store)",
        ]


def held(set_: Target, visitors: Sequence[Visitor], connections: int, sessions: int) -> Holding:
    """Open so many connections and sessions; NothingToSay where nobody counts the memory.

    Each of the `visitors` begins one session after the other. What they ask was asked before, so that no cache fills meanwhile.
    """
    before = _kib(set_)
    opened = [_asked(_connection(set_)) for _ in range(connections)]
    between = _kib(set_)
    for one in opened:
        one.close()
    connection = _connection(set_)
    _talk(connection, visitors, sessions)  # so that what the first sessions load is there
    first = _kib(set_)
    _talk(connection, visitors, sessions)
    last = _kib(set_)
    connection.close()
    return Holding(connections, (between - before) / connections, sessions, (last - first) / sessions)


def _talk(connection: http.client.HTTPConnection, visitors: Sequence[Visitor], sessions: int) -> None:
    for number in range(sessions):
        for asked in visitors[number % len(visitors)].session(TURNS):
            connection.request(asked.method, asked.path, body=asked.body, headers=dict(asked.headers))
            connection.getresponse().read()


def _connection(set_: Target) -> http.client.HTTPConnection:
    at = urlsplit(set_.url)
    return http.client.HTTPConnection(at.hostname or "", at.port, timeout=30)


def _asked(connection: http.client.HTTPConnection) -> http.client.HTTPConnection:
    connection.request("GET", "/api/v2/health")
    connection.getresponse().read()
    return connection


def _kib(set_: Target) -> int:
    kib = resident_kib(set_.pid)
    if kib is None:
        raise NothingToSay("nobody counts the memory of a process here")
    return kib
