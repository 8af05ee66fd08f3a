"""The W3C trace context (https://www.w3.org/TR/trace-context/): a request takes part in its caller's trace.

Where traces are kept, a request notes its own marks: plain tuples, which become spans only where the trace is kept.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from ion_mentoring.telemetry.ids import drawn

SAMPLED: Final = "01"

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")


class Mark(NamedTuple):
    """A part of a request: begin and end by `time.perf_counter`, the span that it belongs to, its own id if it has parts."""

    name: str
    began: float
    ended: float
    parent_id: str
    span_id: str
    attributes: dict[str, Any]
    error: str | None = None


class Marks(Struct):
    """The marks of one request, the events that it told of, and the traces that its message came from; `asked_for` is true
    where a caller's flag asks to keep it."""

    parts: list[Mark] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    asked_for: bool = False


class Trace(Struct, frozen=True):
    """One function's part of a trace, or one span of it; `marks` is None where no traces are kept."""

    trace_id: str
    span_id: str
    flags: str = "00"
    parent_id: str = ""
    marks: Marks | None = None

    @property
    def traceparent(self) -> str:
        """The header that makes the next function's part a child of this one."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


MESSAGE_ATTRIBUTE: Final = "googclient_traceparent"  # of a Pub/Sub message, as Google's own clients name it
CURRENT: Final[ContextVar[Trace | None]] = ContextVar("trace", default=None)


def read(traceparent: str | None) -> tuple[str, str, str] | None:
    """The trace, the span and the flags of a header; None without a sane one."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return (found.group(1), found.group(2), found.group(3)) if found else None


def continued(traceparent: str | None) -> Trace:
    """A new span in the trace of a header; without a sane one a new trace, not sampled."""
    found = read(traceparent)
    if found:
        return Trace(found[0], drawn(64), found[2], found[1])
    both = drawn(192)
    return Trace(both[:32], both[32:])


def link(traceparent: str | None) -> None:
    """Notes that this request goes on from another trace: that of a message."""
    current, found = CURRENT.get(), read(traceparent)
    if found and current is not None and current.marks is not None:
        current.marks.links.append((found[0], found[1]))


def sampled_by_operator() -> None:
    """Has the current trace kept, if its caller asked for that: an operator may."""
    current = CURRENT.get()
    if current is not None and current.marks is not None and current.marks.asked_for:
        CURRENT.set(replace(current, flags=SAMPLED))


def mark(name: str, began: float, **attributes: Any) -> None:
    """Notes a part of the current span that has no parts of its own, and ends now."""
    current = CURRENT.get()
    if current is not None and current.marks is not None:
        current.marks.parts.append(Mark(name, began, time.perf_counter(), current.span_id, "", attributes))


@contextmanager
def span(name: str, **attributes: Any) -> Iterator[dict[str, Any]]:
    """A part of the current span, under which others may be; gives its attributes, to which more may be added."""
    current = CURRENT.get()
    if current is None or current.marks is None:
        yield attributes
        return
    inner = Trace(current.trace_id, drawn(64), current.flags, current.span_id, current.marks)
    reset, began, error = CURRENT.set(inner), time.perf_counter(), None
    try:
        yield attributes
    except BaseException as raised:
        error = type(raised).__name__
        raise
    finally:
        ended = time.perf_counter()
        current.marks.parts.append(Mark(name, began, ended, current.span_id, inner.span_id, attributes, error))
        CURRENT.reset(reset)
