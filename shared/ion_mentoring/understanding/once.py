"""Readings of texts that are made once in an answer, however many ask for them.

An answer reads the same turns for its danger, its route and its reply. What was read is forgotten with the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Any, Final, TypeVar, TypeVarTuple

Reader = TypeVar("Reader")
Asked = TypeVarTuple("Asked")
Result = TypeVar("Result")

_READ: Final[ContextVar[dict[Any, Any] | None]] = ContextVar("read", default=None)


@contextmanager
def one_answer() -> Iterator[None]:
    """Keeps what `once` reads until its end; within another answer, until the end of that one."""
    if _READ.get() is not None:
        yield
        return
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def once(read: Callable[[Reader, *Asked], Result]) -> Callable[[Reader, *Asked], Result]:
    """A method that reads the same for the same arguments, which are hashable, once an answer."""

    def known(self: Reader, *asked: *Asked) -> Result:
        kept = _READ.get()
        if kept is None:
            return read(self, *asked)
        key = (read, id(self), asked)
        if key not in kept:
            kept[key] = read(self, *asked)
        result: Result = kept[key]
        return result

    update_wrapper(known, read)
    return known
