"""Streams on record: events get ids as they are sent, and a client that lost its connection gets the rest."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from ion_mentoring.caching.flight import Flights
from ion_mentoring.caching.journal import Journal, Journals, State
from ion_mentoring.handlers.web.event_stream import Event, Events
from ion_mentoring.sealing.keys import CacheKeys

WRITES_EVERY_S: Final = 0.25
LOOKS_EVERY_S: Final = 0.2
SILENT_S: Final = 10.0  # a stream that says nothing new for so long belongs to an instance that died


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records streams and plays them on. `running` are those of this instance, `now` is a monotonic clock in seconds."""

    journals: Journals
    keys: CacheKeys
    new_id: Callable[[], str]
    now: Callable[[], float]
    running: Flights[Event] = field(default_factory=Flights)

    async def recorded(self, events: Events, owner: str) -> Events:
        """The events with ids, on record; the last of those who follow them ends them."""
        stream = self.new_id()
        run = self.running.follow(_run(stream, owner), lambda: self._written(events, stream, owner))
        async with aclosing(run) as following:
            async for event in following:
                yield event

    async def _written(self, events: Events, stream: str, owner: str) -> Events:
        """The events, written down as they come; a stream that does not come to its end is `cut`. What is private passes."""
        private = False
        sent: list[tuple[str, str]] = []
        state: State = "cut"
        written_at = self.now()
        try:
            async with aclosing(events):
                async for event in events:
                    private = private or event.private
                    if private:
                        yield event
                        continue
                    sent.append((event.name, event.json().decode()))
                    if event.ends:
                        state = "ended"
                        await self._write(stream, Journal(owner, state, tuple(sent)))
                    elif self.now() - written_at >= WRITES_EVERY_S:
                        written_at = self.now()
                        await self._write(stream, Journal(owner, "running", tuple(sent)))
                    yield Event(event.name, event.data, _id(stream, len(sent)))
        finally:
            if state == "cut" and not private:
                await self._write(stream, Journal(owner, state, tuple(sent)))

    async def heard(self, last_event_id: str, owner: str) -> bool:
        """Whether that was the last event of a stream, so that nothing more is to come."""
        stream, number = _parts(last_event_id)
        journal = await self._read(stream)
        return journal is not None and journal.owner == owner and journal.state == "ended" and number >= len(journal.events)

    async def rest(self, last_event_id: str, owner: str) -> Events:
        """The events after that one as they come; ends early where the stream is unknown, another's, or did not go on.

        A stream that still runs in this instance is followed, so that it goes on when its first client is found to be gone.
        """
        stream, number = _parts(last_event_id)
        if run := self.running.joined(_run(stream, owner)):
            async with aclosing(run) as following:
                async for event in following:
                    if _parts(event.id)[1] > number:
                        yield event
            return
        heard_at = self.now()
        while (journal := await self._read(stream)) is not None and journal.owner == owner:
            for name, data in journal.events[number:]:
                number += 1
                heard_at = self.now()
                yield Event(name, data.encode(), _id(stream, number))
            if journal.state != "running" or self.now() - heard_at > SILENT_S:
                return
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _write(self, stream: str, journal: Journal) -> None:
        await self.journals.write(self._key(stream), journal)

    async def _read(self, stream: str) -> Journal | None:
        return await self.journals.read(self._key(stream)) if stream else None

    def _key(self, stream: str) -> str:
        return self.keys.key(stream=stream)


def _run(stream: str, owner: str) -> str:
    return f"{stream} {owner}"


def _id(stream: str, number: int) -> str:
    return f"{stream}.{number}"


def _parts(event_id: str) -> tuple[str, int]:
    """The stream and the number of an id of ours; no stream where it is none."""
    stream, _, number = event_id.rpartition(".")
    return (stream, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else ("", 0)
