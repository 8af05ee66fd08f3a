"""Events as one JSON line each on standard output, in the form that Cloud Logging reads; never anybody's words or name."""

import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, Final

from pydantic_core import to_json

from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.private import Name, private_event, private_facts
from ion_mentoring.telemetry.product import SEVERITIES, ProductEvent, Severity
from ion_mentoring.telemetry.timestamps import Timestamps

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")

Write = Callable[[str], object]
Outlet = Callable[[ProductEvent], object]
Line = dict[str, Any]
Form = Callable[[Line], str]


def json_form(line: Line) -> str:
    """A line as Cloud Logging reads it."""
    try:
        return to_json(line, fallback=str).decode()
    except ValueError:  # half a character, which UTF-8 does not write
        return json.dumps(line, default=str)


def _as_it_is(caller: str) -> str:
    return caller


class EventLog:
    """Writes the events of one function; `write` takes a finished line, `project` makes traces clickable in Cloud Logging,
    `form` makes the line of its values, and `name` what a caller is called in them.

    Nothing below `level` is written. `outlets` hear of the product's events, too, at any level; for `coarse` ones alone no
    detail is told. A sink that fails loses its line, and counts it: whoever tells the log of something has an answer to finish.
    """

    def __init__(
        self,
        function: str,
        write: Write,
        *,
        project: str | None = None,
        level: Severity = "INFO",
        outlets: tuple[Outlet, ...] = (),
        coarse: tuple[Outlet, ...] = (),
        form: Form = json_form,
        name: Name = _as_it_is,
    ) -> None:
        self._name = name
        self._function = function
        self._project = project
        self._write = write
        self._silent = frozenset(SEVERITIES[: SEVERITIES.index(level)])
        self._outlets = (*outlets, *coarse)
        self.details = bool(outlets) or "DEBUG" not in self._silent  # True if anybody hears of what is no more than that
        self._form = form
        self._time = Timestamps()
        self.lost = 0

    def tell(self, event: ProductEvent) -> None:
        """Tells every outlet of an event of the product, without persons."""
        severity = event.severity
        if severity in self._silent and not self._outlets:
            return
        event = private_event(event, self._name)
        for outlet in self._outlets:
            outlet(event)
        if severity not in self._silent:
            self._event(severity, type(event).__name__, zip(event._fields, event, strict=True))

    def info(self, event: str, **facts: Any) -> None:
        """Something happened as it should."""
        self._line("INFO", event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        """Something was replaced or refused; an operator may want to count it."""
        self._line("WARNING", event, facts)

    def error(self, event: str, **facts: Any) -> None:
        """Something failed that should not; an operator should look."""
        self._line("ERROR", event, facts)

    def _line(self, severity: Severity, event: str, facts: dict[str, Any]) -> None:
        if severity not in self._silent:
            self._event(severity, event, private_facts(facts, self._name).items())

    def _event(self, severity: Severity, event: str, facts: Iterable[tuple[str, Any]]) -> None:
        line: Line = {
            "severity": severity,
            "message": event,
            "time": self._time(),
            "function": self._function,
            "request_id": REQUEST_ID.get(),
        }
        line.update(facts)
        if current := trace.CURRENT.get():
            line["trace_id"] = current.trace_id
            if self._project:
                line["logging.googleapis.com/trace"] = f"projects/{self._project}/traces/{current.trace_id}"
        try:
            self._write(self._form(line) + "\n")
        except (OSError, RuntimeError, TypeError, ValueError):
            self.lost += 1
