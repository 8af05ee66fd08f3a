"""Recorded requests, one JSON object a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PROCESS: Final = "/api/persona/process"


class NotARequest(Exception):
    """A line is no recorded request; the message names the line and says why."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as somebody sent it, and the line where it stands."""

    line: int
    method: str
    path: str
    body: Any

    @property
    def text(self) -> str:
        """The text of the user, if the request has one."""
        return self._field("user_input") or self._field("message")

    @property
    def key(self) -> str:
        """The resonance key that was sent, if one was."""
        return self._field("resonance_key")

    def _field(self, name: str) -> str:
        value = self.body.get(name) if isinstance(self.body, dict) else None
        return value if isinstance(value, str) else ""


def recorded(file: Path) -> Iterator[Recorded]:
    """The requests of a file, read as they are wanted: `{"method", "path", "body"}`, or a body of v1's process alone."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _recorded(number, line)


def _recorded(number: int, line: str) -> Recorded:
    try:
        sent = json.loads(line)
    except json.JSONDecodeError as error:
        raise NotARequest(f"line {number}: {error.msg}") from error
    if not isinstance(sent, dict):
        raise NotARequest(f"line {number}: is no object")
    if "path" not in sent:
        return Recorded(number, "POST", PROCESS, sent)
    method, path = sent.get("method", "POST"), sent["path"]
    if not (isinstance(method, str) and isinstance(path, str) and path.startswith("/")):
        raise NotARequest(f"line {number}: has no method and path")
    return Recorded(number, method.upper(), path, sent.get("body"))
