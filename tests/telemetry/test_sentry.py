"""What reaches Sentry has no words of anybody, and sending it never holds a request up."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator

import pytest
import sentry_sdk

from ion_mentoring.telemetry.events import REQUEST_ID
from ion_mentoring.telemetry.sentry import FLUSH_S, SentryReports
from ion_mentoring.telemetry.unreported import Unreported


def unbrotli(body: bytes) -> bytes:
    """The client prefers brotli wherever it happens to be installed."""
    import brotli

    return brotli.decompress(body)


DECODERS = {"gzip": gzip.decompress, "br": unbrotli}


class Sink:
    """A receiver of Sentry envelopes."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        body = await reader.readexactly(length)
        self.bodies.append(DECODERS[head.split("content-encoding: ")[1].split("\r\n")[0]](body))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    sink = Sink()
    async with await asyncio.start_server(sink.serve, "127.0.0.1", 0) as server:
        sink.port = server.sockets[0].getsockname()[1]
        yield sink
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.init()


def reports(port: int) -> SentryReports:
    return SentryReports(
        f"http://key@127.0.0.1:{port}/1", function="router", environment="test", region="seoul", release="1.2.3"
    )


async def failed(said: str) -> Exception:
    try:
        raise ValueError(f"could not parse {said}")
    except ValueError as error:
        return error


async def test_an_error_arrives_with_its_tags_and_without_anybodys_words(sink: Sink) -> None:
    REQUEST_ID.set("r-1")
    await reports(sink.port).capture(await failed("my secret diary"))
    for _ in range(100):
        if sink.bodies:
            break
        await asyncio.sleep(0.02)
    event = json.loads(sink.bodies[0].splitlines()[2])
    assert event["tags"] == {"function": "router", "region": "seoul", "request_id": "r-1"}
    assert (event["environment"], event["release"]) == ("test", "1.2.3")
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert b"diary" not in sink.bodies[0]


async def test_a_receiver_that_is_away_costs_the_flush_at_most() -> None:
    gone = reports(1)
    started = time.perf_counter()
    await gone.capture(await failed("x"))
    assert time.perf_counter() - started < FLUSH_S + 1
    sentry_sdk.get_client().close(timeout=0.1)
    sentry_sdk.init()


async def test_without_sentry_an_error_goes_nowhere_quietly() -> None:
    await Unreported().capture(ValueError("x"))
