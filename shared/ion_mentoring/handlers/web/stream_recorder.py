"""Streams on record: events get ids as they are sent, and a client that lost its connection gets the rest."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final

from msgspec import Struct, field

from ion_mentoring.caching.stream_logs import State, StreamLog, StreamLogs
from ion_mentoring.handlers.web.call import Bound
from ion_mentoring.handlers.web.event_stream import Emit, Event, EventRun, Events
from ion_mentoring.sealing.keys import CacheKeys

WRITES_EVERY_S: Final = 0.25
LOOKS_EVERY_S: Final = 0.2
SILENT_S: Final = 10.0  # a stream that says nothing new for so long belongs to an instance that died

Work = Callable[[Emit], Coroutine[Any, Any, Event]]  # emits the events of a stream, and returns the last one


class StreamRecorder(Struct, frozen=True):
    """Records streams and plays them on. `running` are those of this instance, `now` is a monotonic clock in seconds."""

    logs: StreamLogs
    keys: CacheKeys
    new_id: Callable[[], str]
    now: Callable[[], float]
    running: dict[str, EventRun] = field(default_factory=dict)

    def record(self, work: Work, owner: str, bound: Bound) -> EventRun:
        """The run of a stream on record, within the time that `bound` gives it; the last to leave it ends it."""
        stream = self.new_id()
        run: EventRun = EventRun(lambda emit: bound(self._written(work, stream, owner, emit)))
        self.running[_name(stream, owner)] = run
        run.task.add_done_callback(lambda _: self.running.pop(_name(stream, owner), None))
        return run

    def under_way(self, last_event_id: str, owner: str) -> Events | None:
        """The events after that one, where their stream still runs in this instance: so it goes on when its first client is
        found to be gone."""
        stream, number = _parts(last_event_id)
        run = self.running.get(_name(stream, owner))
        return None if run is None or run.over else run.follow(number)

    async def heard(self, last_event_id: str, owner: str) -> bool:
        """True if that was the last event of a stream, so that nothing more is to come."""
        stream, number = _parts(last_event_id)
        log = await self._read(stream)
        return log is not None and log.owner == owner and log.state == "ended" and number >= len(log.events)

    async def rest(self, last_event_id: str, owner: str, emit: Emit) -> bool:
        """Emits the events after that one as another instance writes them down.

        False where the stream is unknown, another's, or did not come to its end.
        """
        stream, number = _parts(last_event_id)
        heard_at = self.now()
        while (log := await self._read(stream)) is not None and log.owner == owner:
            for name, data in log.events[number:]:
                number += 1
                heard_at = self.now()
                emit(Event(name, data.encode(), _id(stream, number)))
            if log.state != "running":
                return log.state == "ended"
            if self.now() - heard_at > SILENT_S:
                return False
            await asyncio.sleep(LOOKS_EVERY_S)
        return False

    async def _written(self, work: Work, stream: str, owner: str, emit: Emit) -> None:
        """Emits the events with ids, and writes them down as they come; a stream that does not come to its end is `cut`."""
        recording = Recording(stream, emit)
        write = partial(self._write, stream, owner, recording)
        writing = asyncio.create_task(self._write_on(write, recording))
        try:
            last = recording.numbered(await work(recording))
            await _ended(writing)
            await write("ended")
            emit(last)
        finally:
            if not recording.ended:
                await _ended(writing)
                await write("cut")

    async def _write_on(self, write: Callable[[State], Coroutine[Any, Any, None]], recording: "Recording") -> None:
        """Writes down what has come, every now and then."""
        written = 0
        while True:
            await asyncio.sleep(WRITES_EVERY_S)
            if len(recording.sent) > written:
                written = len(recording.sent)
                await write("running")

    async def _write(self, stream: str, owner: str, recording: "Recording", state: State) -> None:
        if not recording.private:
            await self.logs.write(self._key(stream), StreamLog(owner, state, tuple(recording.sent)))

    async def _read(self, stream: str) -> StreamLog | None:
        return await self.logs.read(self._key(stream)) if stream else None

    def _key(self, stream: str) -> str:
        return self.keys.key(stream=stream)


class Recording(Struct):
    """The events of one stream so far; what comes with and after a `private` one is not kept, and has no id."""

    stream: str
    emit: Emit
    sent: list[tuple[str, str]] = field(default_factory=list)
    private: bool = False
    ended: bool = False

    def __call__(self, event: Event) -> None:
        """Emits an event under its id."""
        self.emit(self.numbered(event))

    def numbered(self, event: Event) -> Event:
        """The event under its id, noted."""
        self.ended = event.ends
        self.private = self.private or event.private
        if self.private:
            return event
        self.sent.append((event.name, event.json().decode()))
        return Event(event.name, event.data, _id(self.stream, len(self.sent)))


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait((task,))


def _name(stream: str, owner: str) -> str:
    return f"{stream} {owner}"


def _id(stream: str, number: int) -> str:
    return f"{stream}.{number}"


def _parts(event_id: str) -> tuple[str, int]:
    """The stream and the number of an id of ours; no stream where it is none."""
    stream, _, number = event_id.rpartition(".")
    return (stream, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else ("", 0)
