"""The ledger in Firestore, without transactions, since those that contend for a document wait for each other for seconds.

ledger/{id}                                  one answer
ledger_months/{month}/shards/{n}             the sums of a month, in pieces, since one document takes one write a second
ledger_months/{month}/callers/{caller}       a caller's sums, and what is reserved
ledger_months/{month}/callers/{caller}/reservations/{id}
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from ion_mentoring.ledger.protocol import (
    RESERVED_FOR,
    RETENTION,
    TOP_CALLERS,
    Entry,
    Reservation,
    Spending,
    Totals,
    shares,
    spending_of,
)
from ion_mentoring.stores.firestore import Added, Change, Created, Deleted, Document, Documents

ENTRIES: Final = "ledger"
SHARDS: Final = 16
NUMBERS: Final = tuple(one.name for one in fields(Totals))


class FirestoreLedger:
    """Sums are made by the server's own increments, whose results say who came first."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> Reservation:
        """Adds to what is reserved and looks at what was there before; takes it back if that was the limit already."""
        callers, name = _callers(month), _name(caller)
        made = await self._documents.commit(
            (
                Created(_reservations(month, caller), entry_id, {"tokens": tokens, "expires_at": self._now() + RESERVED_FOR}),
                Added(callers, name, {"reserved": tokens}, {"caller": caller}),
                Added(callers, name, {"tokens": 0}),
            )
        )
        if made is None:  # reserved already under this id
            return Reservation(granted=True, used_tokens=0)
        used = made[1][0] + made[2][0] - tokens
        if used >= limit:
            used -= await self._swept(caller, month)
        if used < limit:
            return Reservation(granted=True, used_tokens=used)
        await self._release(caller, month, entry_id, tokens)
        return Reservation(granted=False, used_tokens=used)

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

    async def spending(self, month: str) -> Spending:
        """The sums of a month, those of its callers as far as they stand at the top."""
        shards = await self._documents.all(f"ledger_months/{month}/shards")
        callers = await self._documents.newest(_callers(month), "tokens", TOP_CALLERS)
        parts = [(part, name, _totals(own)) for shard in shards for part, sums in shard.items() for name, own in sums.items()]
        return spending_of(
            month, [(part, name if part != "total" else "", own) for part, name, own in parts] + list(map(_caller, callers))
        )

    async def _release(self, caller: str, month: str, entry_id: str, tokens: int) -> None:
        """Ends a reservation once, whoever comes first: its own answer, or somebody who found it expired."""
        await self._documents.commit(_released(month, caller, entry_id, tokens))

    async def _swept(self, caller: str, month: str) -> int:
        """Tokens that were still reserved for answers whose instances died, and are free now."""
        swept = 0
        for entry_id, reserved in (await self._documents.named(_reservations(month, caller))).items():
            if reserved["expires_at"] <= self._now():
                await self._release(caller, month, entry_id, reserved["tokens"])
                swept += reserved["tokens"]
        return swept


def _released(month: str, caller: str, entry_id: str, tokens: int) -> tuple[Change, ...]:
    return (
        Deleted(_reservations(month, caller), entry_id),
        Added(_callers(month), _name(caller), {"reserved": -tokens}),
    )


def _written(entry: Entry) -> Iterator[Change]:
    own = {part: own for part, _, own in shares(entry)}["caller"]
    charges = [asdict(charge) for charge in entry.charges]
    yield Created(
        ENTRIES,
        entry.id,
        {
            "at": entry.at,
            "month": entry.month,
            "caller": entry.caller,
            "persona": entry.persona,
            "model": entry.model,
            "outcome": entry.outcome,
            "charges": charges,
            "expires_at": entry.at + RETENTION,
        },
    )
    sums: dict[str, dict[str, Any]] = {}
    for part, name, totals in shares(entry):
        if part != "caller":
            sums.setdefault(part, {})[name or "all"] = asdict(totals)
    yield Added(f"ledger_months/{entry.month}/shards", str(zlib.crc32(entry.id.encode()) % SHARDS), sums)
    numbers = {**asdict(own), "tokens": own.input_tokens + own.output_tokens}
    yield Added(_callers(entry.month), _name(entry.caller), numbers, {"caller": entry.caller})


def _totals(document: Document) -> Totals:
    return Totals(**{name: document.get(name, 0) for name in NUMBERS})


def _caller(document: Document) -> tuple[str, str, Totals]:
    return "caller", document["caller"], _totals(document)


def _callers(month: str) -> str:
    return f"ledger_months/{month}/callers"


def _reservations(month: str, caller: str) -> str:
    return f"{_callers(month)}/{_name(caller)}/reservations"


def _name(caller: str) -> str:
    """A document's name for any caller: without slashes, never `.`, `..` or `__x__`."""
    return "c-" + quote(caller, safe="@:-_.")
