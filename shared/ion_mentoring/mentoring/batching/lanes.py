"""The plan of a batch: which items are answered together, and in which lanes one after the other."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from ion_mentoring.records.batches.submissions import Chunk, Lane, SubmittedItem

CHUNK: Final = 25  # items: answered within minutes by a slow model, and few writes beside those of the results
CHUNK_BYTES: Final = 400_000  # of a chunk's items as JSON; a document of Firestore holds 1 MiB
ITEMS_A_LANE: Final = 4  # at least: fewer are not worth a message


class _Filling(Struct):
    """A lane while it is filled."""

    items: int = 0
    chunks: list[list[SubmittedItem]] = field(default_factory=list)
    size: int = CHUNK_BYTES  # of the last chunk: none yet, so the first item begins one

    def add(self, item: SubmittedItem, size: int) -> None:
        if self.size + size > CHUNK_BYTES or len(self.chunks[-1]) == CHUNK:
            self.chunks.append([])
            self.size = 0
        self.chunks[-1].append(item)
        self.size += size
        self.items += 1


def planned(
    items: Sequence[SubmittedItem], now: datetime, *, at_most: int, round: int = 0
) -> tuple[tuple[Chunk, ...], tuple[Lane, ...]]:
    """Chunks and lanes for items in their order: each goes to the lane with the fewest, those of a session all to one."""
    count = max(1, min(at_most, len(items) // ITEMS_A_LANE))
    filling = [_Filling() for _ in range(count)]
    sessions: dict[tuple[str | None, str], _Filling] = {}
    for item in items:
        shortest = min(filling, key=lambda lane: lane.items)
        lane = sessions.setdefault(session, shortest) if (session := _session(item)) else shortest
        lane.add(item, len(json.dumps(item.request, ensure_ascii=False).encode("utf-8", "surrogatepass")) + len(item.item_id))
    numbered = [(f"{round}-{number}", lane) for number, lane in enumerate(filling)]
    return (
        tuple(_chunks(numbered)),
        tuple(Lane(lane_id, len(lane.chunks), now) for lane_id, lane in numbered if lane.chunks),
    )


def _chunks(lanes: Iterable[tuple[str, _Filling]]) -> Iterable[Chunk]:
    for lane_id, lane in lanes:
        for number, items in enumerate(lane.chunks):
            yield Chunk(lane_id, number, tuple(items))


def _session(item: SubmittedItem) -> tuple[str | None, str] | None:
    context = item.request.get("context") or {}
    return (context.get("user_id"), context["session_id"]) if context.get("session_id") is not None else None
