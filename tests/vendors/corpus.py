"""The odd streams of real servers, as files: what each sends, and what is to come of it.

A file under `streams/<wire>/` has a head, a line `---`, and the body as the server sends it. Lines of the head that begin with
`#` tell which servers do so; the others are fields:

    gives: answer | cut short | refused | busy | unavailable
    text: the answer's text as JSON, where there is one
    restarts: how often text that was shown is withdrawn, 0 if the line is missing
    type: the content type, `none` for none, text/event-stream if the line is missing
    lines: crlf, where lines end so; `open`, where the last one does not end
    way: whole, where the body is no stream
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from tests.vendors.plan import Plan

ROOM: Final = Path(__file__).parent / "streams"
FIELDS: Final = frozenset({"gives", "text", "restarts", "type", "lines", "way"})

Gives = Literal["answer", "cut short", "refused", "busy", "unavailable"]


@dataclass(frozen=True, slots=True)
class Odd:
    """One file: `plan` is the server's part, the rest what a model that asks it gives."""

    name: str
    wire: str
    way: str
    plan: Plan
    gives: Gives
    text: str | None
    restarts: int

    def __str__(self) -> str:
        return self.name


def odd_streams() -> list[Odd]:
    """All of them, in the order of their names."""
    return [_odd(path) for path in sorted(ROOM.glob("*/*.txt"))]


def _odd(path: Path) -> Odd:
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    unknown = fields.keys() - FIELDS
    if unknown:
        raise ValueError(f"{path.name}: unknown fields {sorted(unknown)}")
    return Odd(
        f"{path.parent.name}-{path.stem}",
        path.parent.name,
        fields.get("way", "streamed"),
        Plan(body=_body(body, fields.get("lines")), headers=_headers(fields)),
        cast(Gives, fields["gives"]),
        json.loads(fields["text"]) if "text" in fields else None,
        int(fields.get("restarts", 0)),
    )


def _body(body: str, lines: str | None) -> bytes:
    match lines:
        case "crlf":
            body = body.replace("\n", "\r\n")
        case "open":
            body = body.removesuffix("\n")
    return body.encode()


def _headers(fields: Mapping[str, str]) -> dict[str, str]:
    kind = fields.get("type")
    return {} if kind is None else {"content-type": "" if kind == "none" else kind}
