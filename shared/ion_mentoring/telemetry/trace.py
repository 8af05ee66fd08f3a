"""The W3C trace context (https://www.w3.org/TR/trace-context/): a request takes part in its caller's trace."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from ion_mentoring.telemetry.ids import drawn

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?")


@dataclass(frozen=True, slots=True)
class Trace:
    """One function's part of a trace."""

    trace_id: str
    span_id: str
    flags: str = "00"

    @property
    def traceparent(self) -> str:
        """The header that makes the next function's part a child of this one."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


CURRENT: Final[ContextVar[Trace | None]] = ContextVar("trace", default=None)


def continued(traceparent: str | None) -> Trace:
    """A new span in the trace of a header; without a sane one a new trace, not sampled."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found:
        return Trace(found.group(1), drawn(64), found.group(2))
    both = drawn(192)
    return Trace(both[:32], both[32:])
