"""The protocol of a store of batches that callers hand in: the batch, its items in chunks, and the lanes they are worked in.

A lane is a row of chunks that are worked on one after the other; only the chunk at its head is under way. So a batch takes as
many turns at once as it has lanes, however many items it has, and what belongs to one session keeps its order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from ion_mentoring.records.paging import Page

LANES: Final = 16  # of a batch at most
State = Literal["running", "completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Owner:
    """The caller that a batch belongs to, and what it may cost; `roles` are those it had when it handed the batch in."""

    tenant: str
    caller: str
    roles: tuple[str, ...] = ()
    monthly_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """The telling of a batch's end: how often it was tried, and when it is due again; over once it is `told`."""

    due_at: datetime
    tries: int = 0
    published: bool = False
    told: bool = False
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch; `counts` are final once it has ended. `version` is how it stands in the store."""

    id: str
    owner: Owner
    total: int
    created_at: datetime
    expires_at: datetime
    state: State = "running"
    name: str | None = None
    webhook: str | None = None
    country: str | None = None
    round: int = 0
    replayed: int = 0
    ended_at: datetime | None = None
    counts: Mapping[str, int] | None = None
    notice: Notice | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class SubmittedItem:
    """One item as it was handed in, checked: its place from 1 on, its id, the request as JSON, and whose words it holds."""

    place: int
    item_id: str
    request: Mapping[str, Any]
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The items that one message leads to; `number` is its place in its lane."""

    lane: str
    number: int
    items: tuple[SubmittedItem, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: the chunk that is next, of how many; who holds it, and until when.

    `tries` counts how often items of the next chunk were left, since `failing_since` and the last time at `tried_at`.
    `moved_at` is when it last changed.
    """

    id: str
    chunks: int
    moved_at: datetime
    next: int = 0
    holder: str | None = None
    held_until: datetime | None = None
    tries: int = 0
    tried_at: datetime | None = None
    failing_since: datetime | None = None
    version: str = field(default="", compare=False)

    @property
    def over(self) -> bool:
        """True once all its chunks are done."""
        return self.next >= self.chunks


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An item of a holder's, in somebody's batch."""

    batch: str
    place: int
    item_id: str
    request: Mapping[str, Any]
    expires_at: datetime


class Submissions(Protocol):
    """Keeps batches until they expire. Every method raises StoreUnavailable if the store does not answer."""

    async def create(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Keeps a batch with all its items, and puts it into the outbox; False, and nothing kept, if there is one of its id."""

    async def resume(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Gives a batch more lanes, and puts it into the outbox; False if it changed meanwhile."""

    async def get(self, batch_id: str) -> Batch | None:
        """A batch that has not expired."""

    async def update(self, batch: Batch) -> Batch | None:
        """Writes a batch that is still of its version; None, and nothing, if it changed meanwhile."""

    async def listed(self, owner: Owner, limit: int) -> tuple[Batch, ...]:
        """The last batches of an owner, newest first."""

    async def outbox(self) -> tuple[str, ...]:
        """The ids of batches that have not been told about to the end."""

    async def settled(self, batch_id: str) -> None:
        """Takes a batch out of the outbox."""

    async def lanes(self, batch_id: str) -> tuple[Lane, ...]:
        """The lanes of a batch, those of earlier rounds included."""

    async def lane(self, batch_id: str, lane_id: str) -> Lane | None:
        """One lane."""

    async def move(self, batch_id: str, lane: Lane) -> Lane | None:
        """Writes a lane that is still of its version; None, and nothing, if it changed meanwhile."""

    async def chunk(self, batch_id: str, lane_id: str, number: int) -> Chunk | None:
        """One chunk with its items."""

    async def names(self, batch_id: str) -> Mapping[int, str]:
        """The ids of all items by place."""

    async def held(self, holder: str, after: str) -> Page[HeldItem]:
        """The items of a holder, a keyed name, in whose batch they may be."""

    async def erase(self, holder: str) -> int:
        """Empties the items of a holder, a keyed name; how many they were."""
