"""The sums of a ledger are those of its entries, whichever they are, in each store."""

import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ion_mentoring.records.ledger.firestore import FirestoreLedger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import Entry, Ledger, Spending, Totals
from ion_mentoring.records.ledger.sqlite import SqliteLedger
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
TOKENS = st.integers(0, 100_000_000)
USAGES = st.builds(Usage, TOKENS, TOKENS, st.booleans())
COSTS = st.builds(Cost, st.integers(0, 10**15), TOKENS)
NAMES = ["openai:a.b/c-d", "gemini:`x`", "openai:한", "openai:__x__"]
CHARGES = st.builds(Charge, st.sampled_from(NAMES), USAGES, COSTS)
ENTRIES = st.builds(
    Entry,
    id=st.uuids().map(str),
    at=st.integers(-30 * 86_400, 86_400).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    caller=st.sampled_from(["key:a", "sub:b/c", ""]) | st.text(st.characters(codec="utf-8"), max_size=30),
    persona=st.sampled_from(["lua", "elro", "ri.ri"]),
    model=st.sampled_from(["", *NAMES]),
    charges=st.lists(CHARGES, min_size=1, max_size=3).map(tuple),
    outcome=st.sampled_from(["whole", "streamed", "cut", "failed"]),
)


def expected(entries: list[Entry], month: str) -> Spending:
    """The sums as one would make them by hand."""
    total, personas, models, callers = Totals(), defaultdict(Totals), defaultdict(Totals), defaultdict(Totals)
    for entry in entries:
        if entry.month != month:
            continue
        whole = Totals(answers=1)
        models[entry.model] += Totals(answers=1)
        for charge in entry.charges:
            tokens = charge.usage.input_tokens + charge.usage.output_tokens
            own = Totals(
                input_tokens=charge.usage.input_tokens,
                output_tokens=charge.usage.output_tokens,
                estimated_tokens=tokens if charge.usage.estimated else 0,
                unpriced_tokens=charge.cost.unpriced_tokens,
                nano_usd=charge.cost.nano_usd,
            )
            whole += own
            models[charge.model] += own
        total += whole
        personas[entry.persona] += whole
        callers[entry.caller] += whole
    models.pop("", None)
    return Spending(month, total, personas, models, callers)


async def settled_in(ledger: Ledger, entries: list[Entry]) -> None:
    for entry in entries:
        assert await ledger.settle(entry)
    for month in ("2026-10", "2026-11", "2026-12"):
        assert await ledger.spending(month) == expected(entries, month)


@settings(max_examples=60)
@given(st.lists(ENTRIES, max_size=12, unique_by=lambda entry: entry.id))
async def test_in_sqlite(entries: list[Entry]) -> None:
    database = sqlite_database(":memory:")
    try:
        await settled_in(SqliteLedger(database, lambda: NOON), entries)
    finally:
        await database.close()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ENTRIES, max_size=8, unique_by=lambda entry: entry.id))
async def test_in_firestore(firestore_project: str, entries: list[Entry]) -> None:
    documents = patient(f"test-{uuid.uuid4().hex}")
    await settled_in(FirestoreLedger(documents, lambda: NOON), entries)
