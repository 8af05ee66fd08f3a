"""The accounts: what an answer may cost is reserved before, and what it did cost is written down, however it ended."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.daily_tokens import DailyTokens
from ion_mentoring.errors import BudgetExhausted, StoreUnavailable
from ion_mentoring.records.ledger.prices import Prices
from ion_mentoring.records.ledger.protocol import Entry, Ledger, Outcome, month_of
from ion_mentoring.resilience.deadline import limit_s
from ion_mentoring.resilience.finishing import finished
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.trace import span
from ion_mentoring.usage.meter import UsageMeter

THERE: Final = ("whole", "streamed")  # the outcomes of an answer that is there
OWN: Final = "platform"  # the account of what we spent, and nobody got
ANSWERS_WITHIN_S: Final = 2.0  # how long an answer waits for the ledger at most


class Bill(Struct):
    """One answer under way: its caller, who answers, what was reserved for it, and how it stands."""

    id: str
    caller: str
    persona: str
    month: str
    meter: UsageMeter = field(default_factory=UsageMeter)
    reserved: int = 0
    model: str = ""
    outcome: Outcome = "failed"


class Metering(Struct, frozen=True):
    """One entry an answer that asked a model, under an id of our own. A ledger that is away stops no answer: what could not
    be written stands in the log, in full. Where there is `daily`, callers may have a quota of tokens a day, too."""

    ledger: Ledger
    prices: Prices
    log: EventLog
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    daily: DailyTokens | None = None

    @asynccontextmanager
    async def bill(self, caller: Caller, persona: str, *, most_tokens: int, later: bool = False) -> AsyncIterator[Bill]:
        """The bill of one answer, written down at the end, however it ends.

        BudgetExhausted or RateLimited before anything is asked.

        `most_tokens` is what the answer may cost at most, reserved for a caller who has a monthly budget. The bill of an answer
        that is there and settled `later` is left to whoever asked.
        """
        if self.daily:
            await self.daily.must_be_left(caller)
        bill = Bill(self.new_id(), caller.id, persona, month_of(self.now()))
        await self._reserve(bill, caller, most_tokens)
        try:
            yield bill
        except asyncio.CancelledError:
            bill.outcome = "cut"
            raise
        finally:
            if bill.meter.calls or bill.reserved:
                await finished(self._closed(bill, caller, later=later))

    def due(self, bill: Bill, entry_id: str) -> Entry | None:
        """The entry of a bill under another id, to be settled later; None where nothing was spent."""
        return replace(self._entry(bill), id=entry_id) if bill.meter.calls else None

    async def wasted(self, entry: Entry) -> None:
        """Writes down on our own account what an answer has cost that came too late."""
        await self._settle(replace(entry, id=self.new_id(), caller=OWN), 0)

    async def _reserve(self, bill: Bill, caller: Caller, tokens: int) -> None:
        limit = caller.monthly_tokens
        if limit is None:
            return
        try:
            async with asyncio.timeout(limit_s(ANSWERS_WITHIN_S)):
                reservation = await self.ledger.reserve(caller.id, bill.id, bill.month, tokens, limit)
        except (StoreUnavailable, TimeoutError) as error:
            self.log.warning("budget_unread", caller=caller.id, reason=type(error).__name__)
            return
        if not reservation.granted:
            details = {"monthly_tokens": limit, "used_tokens": reservation.used_tokens, "month": bill.month}
            raise BudgetExhausted("monthly tokens", details=details, retry_after_s=seconds_to_next_month(self.now()))
        bill.reserved = tokens

    async def _closed(self, bill: Bill, caller: Caller, *, later: bool) -> None:
        """Writes down what was spent, in the ledger and against the quota of the day, and gives back what was reserved."""
        await self._booked(bill, later=later)
        if self.daily:
            used = bill.meter.usage
            await self.daily.spent(caller, used.input_tokens + used.output_tokens)

    async def _booked(self, bill: Bill, *, later: bool) -> None:
        """Writes the entry of a bill.

        Where somebody settles later, only a result is on the caller's account: what was spent without one is on our own.
        """
        entry = self._entry(bill)
        if not later:
            await self._settle(entry, bill.reserved)
            return
        await self._settle(replace(entry, charges=()), bill.reserved)
        if bill.outcome not in THERE:
            await self._settle(replace(entry, id=f"{bill.id}-own", caller=OWN), 0)

    async def _settle(self, entry: Entry, reserved: int) -> None:
        if not entry.charges and not reserved:
            return
        try:
            with span("ledger.settle"):
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    await self.ledger.settle(entry, reserved_tokens=reserved)
        except (StoreUnavailable, TimeoutError) as error:
            self.log.error("ledger_unwritten", reason=type(error).__name__, entry=asdict(entry))

    def _entry(self, bill: Bill) -> Entry:
        return Entry(
            id=bill.id,
            at=self.now().astimezone(UTC),
            caller=bill.caller,
            persona=bill.persona,
            model=bill.model,
            charges=self.prices.charges(bill.meter.calls),
            outcome=bill.outcome,
        )


def seconds_to_next_month(at: datetime) -> float:
    """Seconds from a moment until budgets begin anew, at the first of the next month in UTC."""
    here = at.astimezone(UTC)
    first = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return (following - here).total_seconds()
