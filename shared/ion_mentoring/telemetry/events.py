"""Events as one JSON line each on standard output, in the form that Cloud Logging reads; never anybody's words."""

import json
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from pydantic_core import to_json

from ion_mentoring.telemetry import trace

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")

Write = Callable[[str], object]


class EventLog:
    """Writes the events of one function; `write` takes a finished line, `project` makes traces clickable in Cloud Logging.

    A sink that fails loses its line, and counts it: whoever tells the log of something has an answer to finish.
    """

    def __init__(self, function: str, write: Write, *, project: str | None = None) -> None:
        self._function = function
        self._project = project
        self._write = write
        self.lost = 0

    def info(self, event: str, **facts: Any) -> None:
        """Something happened as it should."""
        self._event("INFO", event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        """Something was replaced or refused; an operator may want to count it."""
        self._event("WARNING", event, facts)

    def error(self, event: str, **facts: Any) -> None:
        """Something failed that should not; an operator should look."""
        self._event("ERROR", event, facts)

    def _event(self, severity: str, event: str, facts: dict[str, Any]) -> None:
        line = {
            "severity": severity,
            "message": event,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "function": self._function,
            "request_id": REQUEST_ID.get(),
            **facts,
        }
        if current := trace.CURRENT.get():
            line["trace_id"] = current.trace_id
            if self._project:
                line["logging.googleapis.com/trace"] = f"projects/{self._project}/traces/{current.trace_id}"
        try:
            self._write(_written(line) + "\n")
        except (OSError, RuntimeError, TypeError, ValueError):
            self.lost += 1


def _written(line: dict[str, Any]) -> str:
    try:
        return to_json(line, fallback=str).decode()
    except ValueError:  # half a character, which UTF-8 does not write
        return json.dumps(line, default=str)
