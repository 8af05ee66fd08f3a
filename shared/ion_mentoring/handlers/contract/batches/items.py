"""Items that were read, checked: what is wrong is gathered, each with its line, and nothing is accepted by halves."""

import asyncio
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from ion_mentoring.errors import InvalidInput, MentoringError, RequestTooLarge, ValidationFailed
from ion_mentoring.handlers.contract.batches.records import Fault, Read, Record
from ion_mentoring.handlers.contract.item_ids import LENGTH
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.handlers.web.validation import check
from ion_mentoring.records.batches.submissions import SubmittedItem

MOST: Final = 10_000  # items of a batch
NAMED: Final = 100  # faults that are named; the others are counted
AT_A_TIME: Final = 20  # items that are checked before others have a turn of the event loop
KNOWN: Final = frozenset(ProcessRequest.model_fields)

Check = Callable[[ProcessRequest], object]  # raises a MentoringError for a request that nobody can answer


class CheckedItems(Struct):
    """The items of a body so far, and what is wrong with it."""

    check: Check
    items: list[SubmittedItem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wrong: int = 0
    _lines: dict[str, int] = field(default_factory=dict)

    async def read(self, records: Read) -> tuple[SubmittedItem, ...]:
        """All items; ValidationFailed names the lines that are wrong, RequestTooLarge tells of too many items."""
        place = 0
        async for record in records:
            place += 1
            if place > MOST:
                raise RequestTooLarge("items", field="requests", details={"limit": MOST})
            self._take(place, record)
            if place % AT_A_TIME == 0:
                await asyncio.sleep(0)
        if not place:
            raise InvalidInput("empty", field="requests", details={"rule": "a batch has an item or more"})
        if self.wrong:
            errors = [{"line": fault.line, "field": fault.field or None, "reason": fault.reason} for fault in self.faults]
            raise ValidationFailed("items", field="requests", details={"errors": errors, "total": self.wrong})
        return tuple(self.items)

    def _take(self, place: int, record: Record | Fault) -> None:
        if isinstance(record, Fault):
            self._note(record)
            return
        try:
            self.items.append(self._item(place, record))
        except MentoringError as error:
            reason = error.details.get("rule") or error.details.get("reason") or error.code
            allowed = error.details.get("allowed")
            known = f"{reason}: one of {', '.join(map(str, allowed))}" if allowed else str(reason)
            self._note(Fault(record.line, error.field or "", known))

    def _note(self, fault: Fault) -> None:
        self.wrong += 1
        if len(self.faults) < NAMED:
            self.faults.append(fault)

    def _item(self, place: int, record: Record) -> SubmittedItem:
        if not isinstance(record.sent, dict):
            raise InvalidInput("item", details={"rule": "is no JSON object"})
        item_id = self._id(place, record)
        self.check(check(ProcessRequest, record.sent))
        asked = {name: value for name, value in record.sent.items() if name in KNOWN and value is not None}
        return SubmittedItem(place, item_id, asked)

    def _id(self, place: int, record: Record) -> str:
        sent = record.sent.get("item_id")
        item_id = str(place) if sent is None else str(sent)
        fits = isinstance(sent, str | int | None) and not isinstance(sent, bool) and item_id.isprintable()
        if not fits or not 1 <= len(item_id) <= LENGTH:
            raise _bad_id(f"is a text of 1 to {LENGTH} printable characters, or a whole number")
        if item_id in self._lines:
            raise _bad_id(f"is that of line {self._lines[item_id]}, too")
        self._lines[item_id] = record.line
        return item_id


def _bad_id(rule: str) -> ValidationFailed:
    return ValidationFailed("item_id", field="item_id", details={"rule": rule})
