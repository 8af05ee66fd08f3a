"""Counters of what a step does in this process, which no busy machine changes: calls, waits, tasks."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from types import FrameType, coroutine
from typing import Any, Final

CALLS: Final = frozenset({"call", "c_call"})


@dataclass(frozen=True, slots=True)
class Counts:
    """The calls of a step (of Python and of C), how often it waited, and the tasks that were made meanwhile."""

    calls: int
    waits: int
    tasks: int


async def least(step: Callable[[], Awaitable[None]], times: int) -> Counts:
    """The least of each count in some rounds of a step: what comes once in a while is none of its cost."""
    rounds = [await counted(step) for _ in range(times)]
    return Counts(*(min(getattr(one, name) for one in rounds) for name in ("calls", "waits", "tasks")))


async def counted(step: Callable[[], Awaitable[None]]) -> Counts:
    """The counts of one step, with those of the tasks that it made as far as they ran meanwhile."""
    calls = waits = tasks = 0

    def each(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in CALLS

    def made(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any) -> "asyncio.Task[Any]":
        nonlocal tasks
        tasks += 1
        return asyncio.Task(work, loop=loop, **options)

    def waited() -> None:
        nonlocal waits
        waits += 1

    loop = asyncio.get_running_loop()
    loop.set_task_factory(made)  # type: ignore[arg-type] # typeshed's factory is a protocol of its own
    sys.setprofile(each)
    try:
        await _watched(step(), waited)
    finally:
        sys.setprofile(None)
        loop.set_task_factory(None)
    return Counts(calls, waits, tasks)


@coroutine
def _watched(work: Awaitable[None], waited: Callable[[], None]) -> Generator[Any, Any, None]:
    """The work, step by step, told of each time that it waits."""
    steps = work.__await__()
    step = partial(steps.send, None)
    while True:
        try:
            waits_for = step()
        except StopIteration:
            return
        waited()
        try:
            step = partial(steps.send, (yield waits_for))
        except asyncio.CancelledError as cancelled:  # a time limit of its own that is over
            step = partial(steps.throw, cancelled)
