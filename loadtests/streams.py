"""The events of a stream: exactly one end, and text that adds up to the answer."""

import json
from dataclasses import dataclass
from typing import Any, Final

ENDS: Final = ("done", "error")


@dataclass(frozen=True, slots=True)
class Ended:
    """A stream that kept to its form: its answer, or the error that it ended with."""

    answer: Any
    error: str | None = None


def ended(sent: bytes) -> Ended | str:
    """The end of a whole stream, or what is wrong with it."""
    try:
        events = _events(sent.decode())
    except ValueError:
        return "a stream that is not UTF-8, or whose data is not JSON"
    names = [name for name, _ in events]
    ends = [name for name in names if name in ENDS]
    if len(ends) != 1:
        return f"a stream with {len(ends)} ends" if ends else "a stream that was cut before its end"
    if names[-1] not in ENDS:
        return "a stream that goes on after its end"
    if ends == ["error"]:
        return Ended(None, str(events[-1][1].get("error", {}).get("code", "no code")))
    return _whole(events)


def _whole(events: list[tuple[str, Any]]) -> Ended | str:
    if events[0][0] != "routing":
        return "a stream that does not begin with routing"
    last = max(place for place, (name, _) in enumerate(events) if name == "routing")
    text = "".join(data.get("text", "") for name, data in events[last:] if name == "delta")
    answer = events[-1][1]
    if text != answer.get("content"):
        return "a stream whose text is not that of its answer"
    return Ended(answer)


def _events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Name and data of each event; ValueError where an event has no JSON object."""
    *blocks, rest = text.replace("\r\n", "\n").split("\n\n")
    found = []
    for block in blocks:
        fields = [line.partition(":") for line in block.split("\n") if not line.startswith(":")]
        name = next((value.strip() for field, _, value in fields if field == "event"), "")
        data = "\n".join(value.removeprefix(" ") for field, _, value in fields if field == "data")
        if name:
            found.append((name, _object(data)))
    if rest.strip():  # half an event: the stream was cut in it
        found = [event for event in found if event[0] not in ENDS]
    return found


def _object(data: str) -> dict[str, Any]:
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value
