"""Pages of what a store keeps: whoever reads all of it holds one page at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Page(Generic[Value]):
    """Some values, and the place after which the next page begins; '' where this one is the last."""

    values: tuple[Value, ...]
    next: str = ""


async def everything(read: Callable[[str], Awaitable[Page[Value]]]) -> AsyncIterator[Value]:
    """The values of all pages; `read` gives the page after a place, and the first one after ''."""
    after = ""
    while True:
        page = await read(after)
        for value in page.values:
            yield value
        if not page.next:
            return
        after = page.next
