"""The export of a person: everything that is kept of them and nothing of anybody else, however many pages that takes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from ion_mentoring.mentoring.privacy.kept import kept_table
from ion_mentoring.records.batches import firestore_results, firestore_submissions, sqlite_results, sqlite_submissions
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.conversations import whole
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.records.feedback import firestore as firestore_feedback
from ion_mentoring.records.feedback import sqlite as sqlite_feedback
from ion_mentoring.records.feedback.protocol import Rating
from ion_mentoring.records.ledger import firestore as firestore_ledger
from ion_mentoring.records.ledger import sqlite as sqlite_ledger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.records.user_keys.guarded import GuardedKeyStore
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring.privacy import export_user, kinds
from tests.mentoring.privacy.world import KIM, LEE, MARK, NOW, World

CHARGES = (Charge("m", Usage(10, 5), Cost(7)),)
PAGES = [
    (whole, "TURNS"),
    (whole, "LINES"),
    *((module, "HELD") for module in (sqlite_results, firestore_results)),
    *((module, "CHUNKS") for module in (sqlite_submissions, firestore_submissions)),
    *((module, "PAGE") for module in (sqlite_feedback, firestore_feedback, sqlite_ledger, firestore_ledger)),
]


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in PAGES:
        monkeypatch.setattr(module, name, 2)


async def exported(world: World, *owners: str) -> list[tuple[str, Any]]:
    return [one async for one in export_user(world.kept)(owners)]


def counted(found: Sequence[tuple[str, Any]]) -> dict[str, int]:
    return dict(Counter(kind for kind, _ in found))


async def test_everything_of_one_person_is_there_and_nothing_of_another(world: World) -> None:
    for number in range(4):
        own: Any = {"owner": KIM}
        await world.kept.batches.store(ItemResult("b-x", f"n-{number}", "answered", {"content": MARK}, None, NOW, **own))
        await world.kept.ratings.put(KIM, Rating(f"more-{number}", NOW, "down"))
    later = [Turn("user", f"{number}", NOW + timedelta(seconds=number)) for number in range(5)]
    for number, turn in enumerate(later):
        await world.kept.conversations.append(ConversationId(KIM, "s-0"), [turn], entry_id=f"more-{number}")
    found = await exported(world, KIM)
    assert counted(found) == {"sessions": 6, "batch_items": 2, "results": 6, "ratings": 5, "profile": 1, "exposures": 1}
    first = [one for kind, one in found if kind == "sessions" and one.session.name == "s-0"]
    assert [one.part for one in first] == [1, 2, 3, 4]
    assert [turn.content for one in first for turn in one.turns] == [f"{MARK} {KIM}", MARK, "0", "1", "2", "3", "4"]
    assert {one.request["user_input"] for kind, one in found if kind == "batch_items"} == {MARK}
    assert sorted(one.place for kind, one in found if kind == "batch_items") == [1, 3]
    assert LEE not in str([asdict(one) for _, one in found])


async def test_who_was_erased_has_the_erasure_and_nothing_else(world: World) -> None:
    await world.erase()(KIM)
    found = await exported(world, KIM)
    assert counted(found) == {"erasures": 1}
    assert found[0][1].erased["sessions"] == 3
    assert counted(await exported(world, LEE))["sessions"] == 3


async def test_the_costs_of_whoever_calls_himself_are_among_it_and_once(world: World) -> None:
    for number in range(5):
        await world.kept.ledger.settle(Entry(f"e-{number}", NOW, "sub:kim", "lua", "m", CHARGES, "whole"))
    await world.kept.ledger.settle(Entry("other", NOW, "sub:kim2", "lua", "m", CHARGES, "whole"))
    found = await exported(world, "sub:kim/", "sub:kim/kim")
    assert counted(found) == {"costs": 5}
    assert {one.id for _, one in found} == {f"e-{number}" for number in range(5)}
    assert found[0][1].charges == CHARGES
    assert await exported(world, KIM.partition("/")[0]) == []


async def test_what_was_kept_before_there_was_sealing_is_among_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def not_yet(_kept: GuardedKeyStore, _step: str) -> bool:
        return False

    monkeypatch.setattr(GuardedKeyStore, "flag", not_yet)
    conversation = ConversationId(KIM, "old")
    plain = world.kept.stored.plain(conversation)
    turns = [whole.StoredTurn("e", place, "user", f"old {place}", NOW, sealed=False) for place in range(3)]
    await world.kept.stored.append(plain, turns)
    found = [one for kind, one in await exported(world, KIM) if kind == "sessions" and one.session.name == "old"]
    assert [turn.content for one in found for turn in one.turns] == ["old 0", "old 1", "old 2"]


def test_every_kind_that_is_exported_or_erased_is_in_the_table(memory_world: World) -> None:
    listed = kinds(memory_world.kept)
    assert {one.name for one in listed} == {one.id for one in kept_table().kind if one.told}
    erased = {one.name for one in listed if one.erase}
    assert erased == {one.id for one in kept_table().kind if one.told and one.goes == "person"}
