"""What answers cost is written down once, and a caller's budget holds even for those who ask at once."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import BudgetExhausted, StoreUnavailable
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.metering import seconds_to_next_month
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.protocol import Say
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.records.ledger.protocol import Entry, Ledger, Reservation, Spending
from ion_mentoring.resilience.concurrency import ConcurrencyLimit
from ion_mentoring.understanding.resonance.key import ResonanceKey
from ion_mentoring.usage.meter import UsageMeter
from tests.fakes import DownMentor, SpyMentor
from tests.mentoring.changes import changed

LUAS = ResonanceKey.parse("frustrated-burst-seek_advice")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
Make = Callable[..., AnswerRequest]


@pytest.fixture
def paying(use_case: AnswerQuestion) -> AnswerQuestion:
    return changed(use_case, now=lambda: NOW)


def by(caller: str, text: str, monthly_tokens: int | None = None) -> AnswerRequest:
    return AnswerRequest(text, Caller(caller, monthly_tokens=monthly_tokens), key=LUAS)


async def test_an_answer_is_written_down_by_persona_model_and_caller(paying: AnswerQuestion, ledger: Ledger) -> None:
    await paying(by("key:acme", "one"))
    await paying(by("key:acme", "two"))
    await paying(by("key:other", "three"))
    spending = await ledger.spending("2026-11")
    assert (spending.total.answers, spending.total.input_tokens, spending.total.nano_usd) == (3, 30, 150_000)
    assert spending.by_persona["lua"].answers == 3
    assert spending.by_model["spy"].output_tokens == 60
    assert {name: totals.answers for name, totals in spending.by_caller.items()} == {"key:acme": 2, "key:other": 1}


async def test_what_cost_nothing_is_not_written(paying: AnswerQuestion, ledger: Ledger) -> None:
    await paying(by("key:acme", "one"))
    await paying(by("key:acme", "one"))  # from the cache
    await paying(by("key:acme", "죽고 싶어요"))
    assert (await ledger.spending("2026-11")).total.answers == 1


async def test_an_answer_of_somebody_else_is_on_their_account(
    paying: AnswerQuestion, spies: dict[str, SpyMentor], ledger: Ledger
) -> None:
    answer = await changed(paying, mentors={**spies, "lua": DownMentor()})(by("key:acme", "one"))
    assert list((await ledger.spending("2026-11")).by_persona) == [answer.persona.id]


async def test_a_budget_that_is_used_up_is_refused_until_the_next_month(paying: AnswerQuestion, ledger: Ledger) -> None:
    await paying(by("key:acme", "one", 30))
    with pytest.raises(BudgetExhausted) as refused:
        await paying(by("key:acme", "two", 30))
    assert refused.value.details == {"monthly_tokens": 30, "used_tokens": 30, "month": "2026-11"}
    assert refused.value.retry_after_s == 7 * 86_400 + 12 * 3_600
    december = changed(paying, now=lambda: datetime(2026, 12, 1, tzinfo=UTC))
    assert (await december(by("key:acme", "two", 30))).content


async def test_a_budget_does_not_stop_what_costs_nothing(paying: AnswerQuestion) -> None:
    await paying(by("key:acme", "one", 30))
    assert (await paying(by("key:acme", "one", 30))).cache_layer == "L1"


async def test_those_who_ask_at_once_overshoot_by_one_answer_at_most(paying: AnswerQuestion, ledger: Ledger) -> None:
    limit = 2_000
    outcomes = await asyncio.gather(
        *(paying(by("key:acme", f"question {number}", limit)) for number in range(50)), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, BudgetExhausted)]
    assert refused, "what may be spent is reserved before"
    used = (await ledger.spending("2026-11")).by_caller["key:acme"]
    assert used.input_tokens + used.output_tokens <= limit + 30


async def test_what_was_reserved_and_not_used_is_free_again(paying: AnswerQuestion) -> None:
    for number in range(20):
        await paying(by("key:acme", f"question {number}", 5_000))


async def test_whoever_follows_another_ones_flight_is_not_refused_for_its_budget(
    paying: AnswerQuestion, ledger: Ledger
) -> None:
    await paying(by("key:poor", "one", 30))
    poor, rich = await asyncio.gather(paying(by("key:poor", "two", 30)), paying(by("key:rich", "two")), return_exceptions=True)
    assert isinstance(poor, BudgetExhausted)
    assert not isinstance(rich, BaseException)


class DownLedger:
    """A ledger whose store does not answer."""

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> Reservation:
        raise StoreUnavailable("down")

    async def settle(self, entry: Entry, *, reserved_tokens: int = 0) -> bool:
        raise StoreUnavailable("down")

    async def spending(self, month: str) -> Spending:
        raise StoreUnavailable("down")


async def test_without_a_ledger_answers_go_on_and_the_log_has_the_entry(paying: AnswerQuestion, lines: list[str]) -> None:
    answer = await changed(paying, ledger=DownLedger())(by("key:acme", "my secret matter", 30))
    assert answer.content == "lua says 1"
    (line,) = [json.loads(line) for line in lines if "ledger_unwritten" in line]
    assert line["severity"] == "ERROR"
    assert line["entry"]["caller"] == "key:acme"
    assert line["entry"]["charges"][0]["cost"]["nano_usd"] == 50_000
    assert not any("secret" in line for line in lines)


async def test_what_failed_is_paid_all_the_same(paying: AnswerQuestion, spies: dict[str, SpyMentor], ledger: Ledger) -> None:
    class Expensive(SpyMentor):
        async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
            await super().answer(question, meter, say)
            raise LookupError("a bug after all")

    broken = changed(paying, mentors={**spies, "lua": Expensive("lua")})
    with pytest.raises(LookupError):
        await broken(by("key:acme", "one"))
    assert (await ledger.spending("2026-11")).total.answers == 1


async def test_who_leaves_while_an_answer_is_written_down_pays_for_it(paying: AnswerQuestion, ledger: Ledger) -> None:
    class Slow:
        """A ledger that is asked, and writes a moment later."""

        asked = asyncio.Event()
        writes = asyncio.Event()

        async def settle(self, entry: Entry, *, reserved_tokens: int = 0) -> bool:
            self.asked.set()
            await self.writes.wait()
            return await ledger.settle(entry, reserved_tokens=reserved_tokens)

    slow = Slow()
    left = asyncio.ensure_future(changed(paying, ledger=slow)(by("key:acme", "one")))
    await slow.asked.wait()
    left.cancel()
    asyncio.get_running_loop().call_later(0.01, slow.writes.set)
    with pytest.raises(asyncio.CancelledError):
        await left
    assert (await ledger.spending("2026-11")).by_caller["key:acme"].answers == 1


async def test_a_crowd_waits_for_its_turn(use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]) -> None:
    few = replace(use_case, concurrency=ConcurrencyLimit(3, 100))
    answers = await asyncio.gather(*(few(ask(f"question {number}", key=LUAS)) for number in range(30)))
    assert len({answer.content for answer in answers}) == 30


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), 30),
        (datetime(2026, 12, 1, tzinfo=UTC), 31),
        (datetime(2027, 2, 1, tzinfo=UTC), 28),
        (datetime(2026, 12, 31, tzinfo=UTC), 1),
    ],
)
def test_budgets_begin_anew_with_the_month(at: datetime, days: int) -> None:
    assert seconds_to_next_month(at) == days * 86_400
