"""One deadline a request: set where it comes in, carried along, and sent to the functions below in a header, shrinking."""

import asyncio
import time
import types
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import AbstractAsyncContextManager, aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

HEADER: Final = "x-deadline-ms"  # milliseconds that are left when the request is sent
NETWORK_S: Final = 0.05  # of what is left, kept for the way back

Item = TypeVar("Item")
Timeout = Callable[[float], AbstractAsyncContextManager[object]]  # `asyncio.timeout`, or one that may become shorter


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock `now` (seconds) after which nobody waits for the answer any more."""

    ends_at: float
    now: Callable[[], float] = time.monotonic

    @staticmethod
    def after(seconds: float, now: Callable[[], float] = time.monotonic) -> "Deadline":
        """A deadline so many seconds from now."""
        return Deadline(now() + seconds, now)

    def left_s(self) -> float:
        """Seconds that are left, 0 when it is over."""
        return max(0.0, self.ends_at - self.now())


CURRENT: Final[ContextVar[Deadline | None]] = ContextVar("deadline", default=None)


def limit_s(at_most_s: float, *, keep_s: float = 0.0) -> float:
    """The time limit in seconds of one wait below the current request: `at_most_s`, or what is left of the deadline.

    `keep_s` is kept back for what has to happen if this wait was in vain, but never more than half of what is left.
    """
    deadline = CURRENT.get()
    if deadline is None:
        return at_most_s
    left = deadline.left_s()
    return min(at_most_s, max(left / 2, left - keep_s))


def received(header: str | None, at_most_s: float) -> Deadline:
    """The deadline of a request with this header: what the caller has left, and never more than `at_most_s`."""
    sent_ms = int(header) if header and header.isascii() and header.isdigit() and len(header) < 10 else None
    left_s = at_most_s if sent_ms is None else min(at_most_s, sent_ms / 1000)
    return Deadline.after(max(0.001, left_s - (0.0 if sent_ms is None else NETWORK_S)))


def header_value(seconds: float) -> str:
    """The header's value for so many seconds."""
    return str(max(1, int(seconds * 1000)))


async def bounded(work: Coroutine[Any, Any, Item], seconds: float, limit: Timeout | None = None) -> Item:
    """What `work` gives; TimeoutError if it takes longer. The time limit is set, and paid for, only once it has to wait."""
    try:
        waits_for = work.send(None)
    except StopIteration as done:
        given: Item = done.value
        return given
    async with (limit or asyncio.timeout)(seconds):
        return await _resumed(work, waits_for)


@types.coroutine
def _resumed(work: Coroutine[Any, Any, Item], waits_for: Any) -> Generator[Any, Any, Item]:
    """The rest of a coroutine that was begun by hand, and waits for something."""
    while True:
        try:
            sent = yield waits_for
        except GeneratorExit:
            work.close()
            raise
        except BaseException as raised:  # noqa: BLE001 - whatever came of what it waits for is for the work to see
            step = partial(work.throw, raised)
        else:
            step = partial(work.send, sent)
        try:
            waits_for = step()
        except StopIteration as done:
            given: Item = done.value
            return given


async def each_within(items: AsyncGenerator[Item], seconds: float, limit: Timeout | None = None) -> AsyncGenerator[Item]:
    """The items of a generator, which has `seconds` for all of them; TimeoutError when they are over. Closes it at the end.

    The time limit holds while the generator works, not while the consumer does something with an item.
    """
    left_s = seconds
    async with aclosing(items):
        while True:
            started = time.monotonic()
            try:
                async with (limit or asyncio.timeout)(max(0.0, left_s)):
                    item = await anext(items)
            except StopAsyncIteration:
                return
            left_s -= time.monotonic() - started
            yield item
