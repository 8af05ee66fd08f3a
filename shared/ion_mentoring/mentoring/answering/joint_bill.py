"""One bill for several mentors who answer together: reserved at the first call to a model, written down once at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import BudgetExhausted, RateLimited
from ion_mentoring.mentoring.answering.metering import THERE, Bill, Metering
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.usage.meter import ModelCall, Usage


class JointBill:
    """The bill of one caller for `personas`, who may need `most_tokens` together.

    It is open for as long as somebody holds it, so that a run which others go on listening to is paid for, too.
    """

    def __init__(self, metering: Metering, caller: Caller, personas: tuple[str, ...], most_tokens: int) -> None:
        self.calls: list[ModelCall] = []
        self._metering = metering
        self._caller = caller
        self._personas = "+".join(sorted(personas))
        self._most_tokens = most_tokens
        self._holders = 0
        self._turn = asyncio.Lock()
        self._opened = AsyncExitStack()
        self._whole: Bill | None = None
        self._refusal: BudgetExhausted | RateLimited | None = None

    @property
    def usage(self) -> Usage:
        """The tokens of all calls so far."""
        return sum((call.usage for call in self.calls), Usage())

    @property
    def cost(self) -> Cost:
        """The cost of all calls so far."""
        return self._metering.prices.cost(self.calls)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Holds the bill; the last who lets go has it written down."""
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if self._holders == 0:
                self._whole = None
                await self._opened.aclose()

    @asynccontextmanager
    async def share(self, persona: str) -> AsyncIterator[Bill]:
        """One mentor's part of the bill. BudgetExhausted or RateLimited for all of them, if for one."""
        async with self.held():
            whole = await self._open()
            own = Bill(whole.id, whole.caller, persona, whole.month)
            try:
                yield own
            except asyncio.CancelledError:
                own.outcome = "cut"
                raise
            finally:
                self._add(own, whole)

    async def _open(self) -> Bill:
        async with self._turn:
            if self._refusal:
                raise self._refusal
            if self._whole is None:
                bill = self._metering.bill(self._caller, self._personas, most_tokens=self._most_tokens)
                try:
                    self._whole = await self._opened.enter_async_context(bill)
                except (BudgetExhausted, RateLimited) as error:
                    self._refusal = error
                    raise
            return self._whole

    def _add(self, own: Bill, whole: Bill) -> None:
        """Adds a part to the whole, which is there if any part is."""
        self.calls += own.meter.calls
        whole.meter.add(own.meter.calls)
        whole.model = "+".join(sorted({*filter(None, whole.model.split("+")), *filter(None, (own.model,))}))
        if own.outcome in THERE or whole.outcome not in THERE:
            whole.outcome = own.outcome


class JointMetering(Metering, frozen=True, kw_only=True):
    """Metering on which each bill is a share of a joint one."""

    joint: JointBill

    @staticmethod
    def of(metering: Metering, joint: JointBill) -> "JointMetering":
        """The same metering with a joint bill."""
        return JointMetering(*(getattr(metering, name) for name in metering.__struct_fields__), joint=joint)

    def bill(  # type: ignore[override]  # the base is a generator, which is made one of these
        self, caller: Caller, persona: str, *, most_tokens: int, later: bool = False
    ) -> AbstractAsyncContextManager[Bill]:
        """The share of a persona, in the reservation for all."""
        return self.joint.share(persona)
