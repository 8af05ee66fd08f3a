"""The codec of a persona's answer: as one JSON body or as server-sent events, and what went wrong together with its cost."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic_core import from_json

from ion_mentoring.models.protocol import Delta, Event, Started
from ion_mentoring.personas.contract import Reply
from ion_mentoring.usage.meter import ModelCall

DELTA: Final = "delta"
RESTART: Final = "restart"
DONE: Final = "done"
ERROR: Final = "error"

_DELTA: Final = TypeAdapter(Delta)
_SPENT: Final = TypeAdapter(tuple[ModelCall, ...])


def event_of(part: Event | Reply) -> tuple[str, Any]:
    """A part's event name, and its data as what can be made JSON."""
    match part:
        case Delta():
            return DELTA, part
        case Started():
            return RESTART, {}
        case _:
            return DONE, part


def part_of(event: str, data: str) -> Event | Reply:
    """The part that such an event is; ValueError for anything else."""
    match event:
        case "delta":
            return _DELTA.validate_json(data)
        case "restart":
            return Started()
        case "done":
            return Reply.model_validate_json(data)
    raise ValueError("unknown event")


def cost_details(spent: Sequence[ModelCall]) -> dict[str, Any]:
    """The details of an error about the calls that were made in vain."""
    return {"spent": _SPENT.dump_python(tuple(spent), mode="json")} if spent else {}


def error_in(form: str | bytes) -> tuple[str, Mapping[str, Any]]:
    """The code and the details of an error form; both empty where the text is none."""
    try:
        error = from_json(form)["error"]
        code, details = error["code"], error["details"]
    except (ValueError, KeyError, TypeError):
        return "", {}
    return str(code), details if isinstance(details, Mapping) else {}


def spent_in(details: Mapping[str, Any]) -> tuple[ModelCall, ...]:
    """The calls that an error's details tell of."""
    try:
        return _SPENT.validate_python(tuple(details.get("spent", ())))
    except (ValueError, TypeError):
        return ()
