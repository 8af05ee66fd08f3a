"""One run and the log of what it said, for all who join it; the run ends with the last who leaves."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from ion_mentoring.resilience.one_timer import OneTimer

Event = TypeVar("Event")
Result = TypeVar("Result")


class SharedRun(Generic[Event, Result]):
    """A task that says events and returns a result.

    `work` gets a listener, which never waits: what it is told is kept in the log, and passed on to everybody at once.
    """

    def __init__(self, work: Callable[[Callable[[Event], None]], Coroutine[Any, Any, Result]]) -> None:
        self.log: list[Event] = []
        self._listeners: list[Callable[[Event], None]] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._members = 0
        self._left = False
        self.task = asyncio.ensure_future(work(self._say))
        self.task.add_done_callback(lambda _: self._wake())

    @property
    def over(self) -> bool:
        """True once it has ended, or is ending since everybody has left: then there is nothing to join any more."""
        return self._left or self.task.done()

    async def join(self, say: Callable[[Event], None] | None = None) -> Result:
        """The result, or the error of the run; `say` is told every event from the first on. Cancelling this leaves the run."""
        self._members += 1
        if say:
            for event in self.log:
                say(event)
            self._listeners.append(say)
        try:
            await asyncio.wait((self.task,))
            return self.task.result()
        finally:
            if say:
                self._listeners.remove(say)
            await self._leave()

    def follow(self, start: int = 0) -> "Follower[Event, Result]":
        """A reader of the log from place `start` on, who has joined by this and has to leave."""
        self._members += 1
        return Follower(self, start)

    def moved(self) -> "asyncio.Future[None]":
        """A future that is done with the next event, or with the end."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future

    def _say(self, event: Event) -> None:
        self.log.append(event)
        for say in self._listeners:
            say(event)
        if self._waiting:
            self._wake()

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def _leave(self) -> None:
        """Ends the run with its last member, and waits for its end: only then its calls are closed and counted."""
        self._members -= 1
        if self._members:
            return
        self._left = True
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait((self.task,))
        if self.task.done() and not self.task.cancelled():
            self.task.exception()  # retrieved: everybody who should have heard of it has left


class Follower(Generic[Event, Result]):
    """A reader of a run's log, at its own pace."""

    def __init__(self, run: SharedRun[Event, Result], start: int) -> None:
        self._run = run
        self._read = start
        self._coming: asyncio.Future[None] | None = None

    @property
    def over(self) -> bool:
        """True once the run has ended and all its events are read."""
        return self._run.task.done() and self._read >= len(self._run.log)

    @property
    def moved(self) -> bool:
        """True if there is something to take, or the run has ended."""
        return self._read < len(self._run.log) or self._run.task.done()

    def take(self) -> Sequence[Event]:
        """All events that are there and were not read yet."""
        events = self._run.log[self._read :]
        self._read += len(events)
        return events

    async def moves(self, timer: OneTimer | None = None) -> None:
        """Waits until there is something to take or the run has ended, until it is woken, or as long as the timer lets it."""
        if self.moved:
            return
        self._coming = coming = self._run.moved()
        await (timer.wait(coming) if timer else coming)

    def wake(self) -> None:
        """Ends the wait that is under way, if any."""
        if self._coming and not self._coming.done():
            self._coming.set_result(None)

    def result(self) -> Result:
        """The result of a run that is over, or its error."""
        return self._run.task.result()

    async def leave(self) -> None:
        """Leaves the run, which ends it if nobody else is there."""
        await self._run._leave()
