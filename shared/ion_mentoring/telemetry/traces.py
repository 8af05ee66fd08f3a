"""Traces that are kept: by our own rate from the trace's id, the same in every function; errors; the slowest of each function.

A stranger's flag buys nothing. Each function keeps its own part: of a trace that is kept for its error, others may be missing.
"""

import asyncio
import atexit
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple

from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.telemetry.product import PersonaProcessEvent, ProductEvent, RoutingDecisionEvent
from ion_mentoring.telemetry.trace import CURRENT, SAMPLED, Mark, Marks, Trace, read

EVERY_S: Final = 10.0
FLUSH_S: Final = 0.3
AT_THE_END_S: Final = 2.0
MOST_WAITING: Final = 200  # traces; of what comes beyond them, only the number is kept

Send = Callable[[list["Kept"], float, str | None], None]
Token = Callable[[], Awaitable[str]]


class Kept(NamedTuple):
    """One function's part of a trace that is kept: its root span, its parts, and the time at which `perf_counter` was 0."""

    trace: Trace
    root: Mark
    epoch_ns: int


class Traces:
    """The traces of one function; an outlet, too, for what its events say of a span. `send` takes them out of the process.

    `rate` is the share that is kept; where `trusted`, callers are our own functions, whose flag holds.
    """

    def __init__(self, rate: float, send: Send, *, trusted: bool, token: Token | None = None) -> None:
        self._least = int(rate * 2**56)
        self._send = send
        self._trusted = trusted
        self._token = token
        self._kept: list[Kept] = []
        self._slowest: Kept | None = None
        self._sending = threading.Lock()
        self._flush_at = time.monotonic() + EVERY_S
        self.lost = 0
        atexit.register(self.close)

    def __call__(self, event: ProductEvent) -> None:
        """Notes what an event says of its span."""
        current = CURRENT.get()
        if current is not None and current.marks is not None and isinstance(event, PersonaProcessEvent | RoutingDecisionEvent):
            current.marks.events.append(event)

    def begin(self, traceparent: str | None) -> Trace:
        """This function's part of a trace, in the caller's if its header is sane."""
        found = read(traceparent)
        trace_id, parent_id, flags = found or (drawn(128), "", "00")
        sampled = self._by_rate(trace_id) or (self._trusted and flags == SAMPLED)
        marks = Marks(asked_for=flags == SAMPLED)
        return Trace(trace_id, drawn(64), SAMPLED if sampled else "00", parent_id, marks)

    def finish(self, trace: Trace, name: str, began: float, attributes: Mapping[str, Any], error: str | None) -> None:
        """Ends a request: its trace is kept if it was to be, or if there was an error, or if it was the slowest so far."""
        ended = time.perf_counter()
        epoch_ns = time.time_ns() - int(ended * 1e9)
        root = Mark(name, began, ended, trace.parent_id, trace.span_id, dict(attributes), error)
        kept = Kept(trace, root, epoch_ns)
        if trace.flags == SAMPLED or error is not None:
            self._keep(kept)
        elif self._slowest is None or ended - began > self._slowest.root.ended - self._slowest.root.began:
            self._slowest = kept

    def due(self) -> bool:
        """True if it is time to send what there is."""
        return time.monotonic() >= self._flush_at

    async def flush(self) -> None:
        """Sends what there is if it is time, and waits for that for `FLUSH_S` at most."""
        if not self.due():
            return
        self._flush_at = time.monotonic() + EVERY_S
        await asyncio.wait((asyncio.ensure_future(self._flushed()),), timeout=FLUSH_S)

    def close(self) -> None:
        """Sends what there is, without a token: the platform's end has no time to fetch one."""
        self._sent(AT_THE_END_S, None)

    async def _flushed(self) -> None:
        token = await self._token() if self._token else None
        await asyncio.to_thread(self._sent, FLUSH_S, token)

    def _by_rate(self, trace_id: str) -> bool:
        return int(trace_id[-14:], 16) < self._least  # the part that W3C says is random

    def _keep(self, kept: Kept) -> None:
        if len(self._kept) < MOST_WAITING:
            self._kept.append(kept)
        else:
            self.lost += 1

    def _sent(self, seconds: float, token: str | None) -> None:
        with self._sending:
            if self._slowest:
                self._keep(self._slowest)
            kept, self._kept, self._slowest = self._kept, [], None
            if kept:
                self._send(kept, seconds, token)
