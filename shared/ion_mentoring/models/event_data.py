"""The chunks in a vendor's server-sent events, read as loosely as servers write them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import suppress
from typing import Final, cast

import httpx2
from pydantic_core import to_json

DONE: Final = "[DONE]"
MOST_EVENT_BYTES: Final = 256 * 1024
DRAIN_S: Final = 0.05  # for the end of a response after its last event, so that its connection can be kept
OTHERS: Final = ("application/json", "text/html")  # a body of these kinds is no stream, whatever was asked for


async def chunks(response: httpx2.Response) -> AsyncGenerator[str]:
    """The JSON objects in order, and DONE where the stream says so, after which nothing is read.

    What else is sent is a sign of life and nothing of the answer: comments, `ping`, `null`, `[]`. What an event named
    `error` says becomes an object with that key.
    """
    events = aiter(httpx2.EventSource(_read_as_events(response), max_event_size=MOST_EVENT_BYTES))
    async for event in events:
        for chunk in _chunks(event):
            yield chunk
            if chunk == DONE:
                await _drain(events)
                return


def _read_as_events(response: httpx2.Response) -> httpx2.Response:
    """The response as the format demands it: in UTF-8, under its media type, the last event ended by a blank line."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in OTHERS:
        response.headers["content-type"] = "text/event-stream"
    response.encoding = "utf-8"
    response.stream = _Ended(cast(httpx2.AsyncByteStream, response.stream))
    return response


def _chunks(event: httpx2.ServerSentEvent) -> Iterator[str]:
    if event.event == "error" and '"error"' not in event.data:
        yield to_json({"error": event.data}).decode()
        return
    for part in _parts(event.data):
        if part.casefold() == DONE.casefold():
            yield DONE
        elif part.startswith("{"):
            yield part


def _parts(data: str) -> list[str]:
    """The chunks in one event's data: one, or one in each line where a server leaves the blank lines out."""
    lines = [line.strip().strip("\ufeff") for line in data.split("\n")]
    apart = all(not line or line[0] == "[" or (line[0], line[-1]) == ("{", "}") for line in lines)
    return lines if apart else [data.strip()]


async def _drain(events: AsyncIterator[httpx2.ServerSentEvent]) -> None:
    """Reads to the end of the response if that is near: only then its connection can be used again."""
    with suppress(TimeoutError, httpx2.HTTPError):
        async with asyncio.timeout(DRAIN_S):
            async for _ in events:
                pass


class _Ended(httpx2.AsyncByteStream):
    """A body that comes to its end, and a blank line."""

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._body:
            yield part
        yield b"\n\n"

    async def aclose(self) -> None:
        await self._body.aclose()
