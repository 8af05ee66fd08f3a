"""The way to a dependency does what each manner says, to connections that are there and to new ones, and is mended."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from infra.drills.way import HOST, Manner, Way

PATIENT_S = 5.0
SOON_S = 0.15  # in which a reply would have come


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(1_000):
            writer.write(piece)
    writer.close()


class Talk:
    """A connection through the way to a server that says back what it hears."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def close(self) -> None:
        self._writer.transport.abort()

    async def says(self, said: bytes = b"hello", within_s: float = PATIENT_S) -> bytes:
        """What comes back; nothing where the connection ended."""
        self._writer.write(said)
        try:
            async with asyncio.timeout(within_s):
                return await self._reader.read(1_000)
        except ConnectionError:
            return b""


Connect = Callable[[], Awaitable[Talk]]


@pytest.fixture
async def connect(way: Way) -> AsyncIterator[Connect]:
    """Makes connections that end with the test."""
    made: list[Talk] = []

    async def to_way() -> Talk:
        made.append(Talk(*await asyncio.open_connection(HOST, way.port)))
        return made[-1]

    yield to_way
    for talk in made:
        talk.close()
    await asyncio.sleep(0)


@pytest.fixture
async def way() -> AsyncIterator[Way]:
    server = await asyncio.start_server(_echo, HOST, 0)
    async with Way(server.sockets[0].getsockname()[1]) as made:
        yield made
    server.close()
    await asyncio.sleep(0.01)  # in which the server notices that its clients are gone


async def test_an_open_way_leads_there_and_back(way: Way, connect: Connect) -> None:
    assert await (await connect()).says() == b"hello"


async def test_one_that_refuses_ends_connections_and_takes_none_until_it_is_mended_at_the_same_port(
    way: Way, connect: Connect
) -> None:
    talk, port = await connect(), way.port
    assert await talk.says() == b"hello"
    await way.become(Manner("killed", refuses=True))
    assert await talk.says() == b""
    with pytest.raises(ConnectionRefusedError):
        await connect()
    await way.mend()
    assert way.port == port
    assert await (await connect()).says() == b"hello"


async def test_a_frozen_one_takes_words_and_says_them_once_it_thaws(way: Way, connect: Connect) -> None:
    talk = await connect()
    await way.become(Manner("frozen", freezes=True))
    with pytest.raises(TimeoutError):
        await talk.says(within_s=SOON_S)
    await way.mend()
    assert await talk.says(b"") == b"hello"


async def test_a_slow_one_delays_replies(way: Way, connect: Connect) -> None:
    await way.become(Manner("slow", delay_s=SOON_S))
    began = time.monotonic()
    assert await (await connect()).says() == b"hello"
    assert time.monotonic() - began >= SOON_S


async def test_one_that_cuts_gives_each_connection_the_beginning_of_its_reply(way: Way, connect: Connect) -> None:
    await way.become(Manner("cut", cut_after=3))
    talk = await connect()
    assert await talk.says() == b"hel"
    assert await talk.says() == b""


async def test_one_that_lies_says_its_own_and_nobody_who_heard_it_is_led_on(way: Way, connect: Connect) -> None:
    before = await connect()
    assert await before.says() == b"hello"
    await way.become(Manner("garbage", says=b"junk"))
    assert await before.says() == b"", "a connection from before would still lead there"
    told = await connect()
    assert await told.says() == b"junk"
    await way.mend()
    assert await told.says() == b""
    assert await (await connect()).says() == b"hello"


async def test_a_way_to_nobody_ends_the_connection(way: Way, connect: Connect) -> None:
    way.to = 1
    assert await (await connect()).says() == b""
