"""The ledger in Firestore, without transactions, since those that contend for a document wait for each other for seconds.

ledger/{id}                                  one answer
ledger_months/{month}/shards/{n}             the sums of a month, in pieces, since one document takes one write a second
ledger_months/{month}/callers/{caller}       a caller's sums, and what is reserved
ledger_months/{month}/callers/{caller}/reservations/{id}

TTL policies on `expires_at` clean all four up. A reservation ends long before, at `ends_at`, and whoever ends it takes its
tokens back in the same commit: a policy would not, so it must never watch that field.
"""

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from ion_mentoring.backends.firestore import Added, Change, Created, Deleted, Document, Documents
from ion_mentoring.records.ledger.prices import Charge
from ion_mentoring.records.ledger.protocol import (
    PAGE,
    RESERVED_FOR,
    RETENTION,
    TOP_CALLERS,
    Entry,
    Reservation,
    Spending,
    Totals,
    kept_until,
    shares,
    spending_of,
)
from ion_mentoring.records.paging import Page

ENTRIES: Final = "ledger"
SHARDS: Final = 16
NUMBERS: Final = tuple(one.name for one in fields(Totals))


class FirestoreLedger:
    """Sums are made by the server's own increments, whose results say who came first."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> Reservation:
        """Adds to what is reserved and looks at what was there before; takes it back if that was the limit already.

        Who stands at the limit ends what has expired and looks again, at what all others have by then.
        """
        callers, name, until = _callers(month), _name(caller), kept_until(month)
        reserved = {"tokens": tokens, "ends_at": self._now() + RESERVED_FOR, "expires_at": until}
        made = await self._documents.commit(
            (
                Created(_reservations(month, caller), entry_id, reserved),
                Added(callers, name, {"reserved": tokens}, {"caller": caller, "expires_at": until}),
                Added(callers, name, {"tokens": 0}),
            )
        )
        if made is None:
            return await self._reserved(caller, entry_id, month)
        used = made[1][0] + made[2][0] - tokens
        if used >= limit:
            await self._sweep(caller, month)
            used = await self._used(caller, month) - tokens
        if used >= limit:
            await self._documents.commit(_released(month, caller, entry_id, tokens))
        return Reservation(granted=used < limit, used_tokens=used)

    async def settle(self, entry: Entry, *, reserved_tokens: int = 0) -> bool:
        """Writes an entry and its sums, and ends its reservation, in one commit, so that nothing is free in between.

        It fails as a whole if the entry is there; or if the reservation is not, which then had expired.
        """
        written = tuple(_written(entry)) if entry.charges else ()
        if reserved_tokens:
            released = _released(entry.month, entry.caller, entry.id, reserved_tokens)
            if await self._documents.commit((*written, *released)) is not None:
                return True
        return not written or await self._documents.commit(written) is not None

    async def own(self, caller: str, after: str) -> Page[Entry]:
        """The entries of a caller, by their ids."""
        found, now = await self._documents.matching_after(ENTRIES, "caller", caller, after, PAGE), self._now()
        entries = (_entry(name, one) for name, one in found.items() if one["expires_at"] > now)
        return Page(tuple(entries), list(found)[-1] if len(found) == PAGE else "")

    async def spending(self, month: str) -> Spending:
        """The sums of a month, those of its callers as far as they stand at the top; TTL deletes late."""
        if self._now() >= kept_until(month):
            return Spending(month)
        shards = await self._documents.all(_shards(month))
        callers = await self._documents.newest(_callers(month), "tokens", TOP_CALLERS)
        return spending_of(month, (*(own for shard in shards for own in _sums(shard)), *_of_callers(callers)))

    async def _reserved(self, caller: str, entry_id: str, month: str) -> Reservation:
        """The reservation under this id before: an answer that asks again has it."""
        own = await self._documents.get(_reservations(month, caller), entry_id) or {"tokens": 0}
        return Reservation(granted=True, used_tokens=await self._used(caller, month) - own["tokens"])

    async def _used(self, caller: str, month: str) -> int:
        sums = await self._documents.get(_callers(month), _name(caller)) or {}
        return int(sums.get("tokens", 0) + sums.get("reserved", 0))

    async def _sweep(self, caller: str, month: str) -> None:
        """Ends what was reserved for answers whose instances died; somebody else may be at it, too."""
        now, found = self._now(), await self._documents.named(_reservations(month, caller))
        over = {entry_id: reserved["tokens"] for entry_id, reserved in found.items() if reserved["ends_at"] <= now}
        await asyncio.gather(*(self._documents.commit(_released(month, caller, *one)) for one in over.items()))


def _released(month: str, caller: str, entry_id: str, tokens: int) -> tuple[Change, ...]:
    """The end of a reservation: once, whoever comes first, its own answer or somebody who found it expired."""
    return (
        Deleted(_reservations(month, caller), entry_id),
        Added(_callers(month), _name(caller), {"reserved": -tokens}),
    )


def _written(entry: Entry) -> Iterator[Change]:
    until = kept_until(entry.month)
    sums: dict[str, dict[str, Any]] = {}
    for part, name, totals in shares(entry):
        sums.setdefault(part, {})["all" if part == "total" else name] = asdict(totals)
    own = sums.pop("caller")[entry.caller]
    own["tokens"] = own["input_tokens"] + own["output_tokens"]
    yield Created(ENTRIES, entry.id, _document(entry))
    yield Added(_shards(entry.month), str(zlib.crc32(entry.id.encode()) % SHARDS), {"sums": sums}, {"expires_at": until})
    yield Added(_callers(entry.month), _name(entry.caller), own, {"caller": entry.caller, "expires_at": until})


def _document(entry: Entry) -> Document:
    return {
        "at": entry.at,
        "month": entry.month,
        "caller": entry.caller,
        "persona": entry.persona,
        "model": entry.model,
        "outcome": entry.outcome,
        "charges": [asdict(charge) for charge in entry.charges],
        "expires_at": entry.at + RETENTION,
    }


def _entry(name: str, one: Document) -> Entry:
    charges = tuple(map(Charge.of, one["charges"]))
    return Entry(name, one["at"], one["caller"], one["persona"], one["model"], charges, one["outcome"])


def _sums(shard: Document) -> Iterator[tuple[str, str, Totals]]:
    for part, sums in shard["sums"].items():
        for name, own in sums.items():
            yield part, "" if part == "total" else name, Totals(**own)


def _of_callers(documents: list[Document]) -> Iterator[tuple[str, str, Totals]]:
    """Those who only reserved so far have no sums yet."""
    for document in documents:
        if "answers" in document:
            yield "caller", document["caller"], Totals(**{number: document[number] for number in NUMBERS})


def _shards(month: str) -> str:
    return f"ledger_months/{month}/shards"


def _callers(month: str) -> str:
    return f"ledger_months/{month}/callers"


def _reservations(month: str, caller: str) -> str:
    return f"{_callers(month)}/{_name(caller)}/reservations"


def _name(caller: str) -> str:
    """Ids are others' and may hold anything, at any length; a document's name may not."""
    return hashlib.sha256(caller.encode("utf-8", "surrogatepass")).hexdigest()
