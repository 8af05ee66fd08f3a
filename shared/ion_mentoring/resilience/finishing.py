"""Work that is done to its end, whoever leaves: what was spent is written down even if nobody waits for the answer any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Item = TypeVar("Item")


async def finished(work: Coroutine[Any, Any, Item]) -> Item:
    """The result of `work`, which bounds its own time. Who is cancelled meanwhile is so at its end, and not before."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        task.exception()  # retrieved: whoever should have heard of it has left
        raise cancelled
    return task.result()
