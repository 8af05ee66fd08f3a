"""Parameters in query strings: their JSON schemas for the contract, and their values."""

from typing import Any

from ion_mentoring.errors import ValidationFailed
from ion_mentoring.handlers.web.http_request import HttpRequest


def optional(kind: str, description: str, default: Any = None, **rules: Any) -> dict[str, Any]:
    """The schema of a parameter that may be left out: one with a default."""
    return {"type": kind, "description": description, "default": default, **rules}


def number(request: HttpRequest, name: str, default: int, most: int) -> int:
    """A whole number from 1 on; ValidationFailed for anything else, or more than `most`."""
    sent = request.query(name)
    if not sent:
        return default
    if sent.isascii() and sent.isdigit() and len(sent) < 10 and 1 <= int(sent) <= most:
        return int(sent)
    raise ValidationFailed(name, field=name, details={"rule": f"a whole number from 1 to {most}"})
