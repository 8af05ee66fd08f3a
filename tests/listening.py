"""Somebody who listens to a model, a mentor or the use case, and gets what is said one by one."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

from ion_mentoring.resilience.shared_run import SharedRun

Event = TypeVar("Event")
Result = TypeVar("Result")


async def heard(call: Callable[[Callable[[Any], None]], Coroutine[Any, Any, Result]]) -> AsyncGenerator[Any]:
    """The events that a call says, as they come, then its result or its error; closing this cancels the call."""
    run: SharedRun[Any, Result] = SharedRun(call)
    events = run.follow()
    try:
        while not events.over:
            for event in events.take():
                yield event
            await events.moves()
        yield events.result()
    finally:
        await events.leave()


def pieces(answerer: Any, asked: object, meter: object, *, streaming: bool = True) -> AsyncGenerator[Any]:
    """What a model or a mentor says, where somebody listens, and what it returns."""
    return heard(lambda say: answerer.answer(asked, meter, say if streaming else None))
