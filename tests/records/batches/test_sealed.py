"""Batches at rest: no word, no id and no hash of one; a user's keys gone, his items and results are gone, and nobody else's."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.backends.sqlite import Database
from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.records.batches.codec import encode, encode_items
from ion_mentoring.records.batches.firestore_results import FirestoreBatchResults, plain_name
from ion_mentoring.records.batches.firestore_submissions import FirestoreSubmissions
from ion_mentoring.records.batches.results import ERASED, BatchResults, ItemResult
from ion_mentoring.records.batches.sqlite_results import SqliteBatchResults
from ion_mentoring.records.batches.sqlite_submissions import SqliteSubmissions
from ion_mentoring.records.batches.submissions import Batch, Owner, Submissions, SubmittedItem
from ion_mentoring.records.batches.words import BatchWords
from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient
from tests.records.keyrings import keyring

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ID = f"batch_{'a' * 26}"
WEB = Owner("default", "key:web-mark", ("service",))
BATCH = Batch(ID, WEB, 2, NOON, NOON + timedelta(days=30), name="name-mark")
ITEMS = [SubmittedItem(n, f"id-mark-{n}", {"user_input": f"text-mark-{n}"}, f"key:web-mark/user-mark-{n}") for n in (1, 2)]


def result(number: int, batch_id: str = ID, **more: Any) -> ItemResult:
    answer = {"content": f"answer-mark-{number}"}
    own = {"key": f"{number:05}", "bill": {"caller": "key:web-mark"}, "owner": ITEMS[number - 1].owner}
    return ItemResult(batch_id, f"id-mark-{number}", "answered", answer, None, NOON, **(own | more))


@dataclass
class Kept:
    """The stores of one set, over the same base."""

    submissions: Submissions
    results: BatchResults
    keyring: Keyring
    base: Database | Documents

    async def fill(self) -> None:
        chunks, lanes = planned(ITEMS, NOON, at_most=1)
        assert await self.submissions.create(BATCH, chunks, lanes)
        for number in (1, 2):
            assert await self.results.store(result(number))

    async def all(self) -> str:
        """All that the store says, as text."""
        if isinstance(self.base, Database):
            tables = await self.base.read("SELECT name FROM sqlite_master WHERE type = 'table'")
            return repr([await self.base.read(f"SELECT * FROM {name}") for (name,) in tables])
        found = [self.base.named(at) for at in ("batches", f"batches/{ID}/results", f"batches/{ID}/chunks", "outbox")]
        return repr([await one for one in found])


@pytest.fixture(params=["sqlite", "firestore"])
async def kept(request: pytest.FixtureRequest) -> AsyncIterator[Kept]:
    if request.param == "firestore":
        documents = patient(request.getfixturevalue("firestore_project"))
        ring = keyring(FirestoreKeyStore(documents))
        words = BatchWords(ring)
        submissions, results = (kind(documents, lambda: NOON, words) for kind in (FirestoreSubmissions, FirestoreBatchResults))
        yield Kept(submissions, results, ring, documents)
        return
    database = sqlite_database(":memory:")
    ring = keyring(SqliteKeyStore(database))
    words = BatchWords(ring)
    yield Kept(*(kind(database, lambda: NOON, words) for kind in (SqliteSubmissions, SqliteBatchResults)), ring, database)
    await database.close()


async def test_nothing_of_a_batch_can_be_read_in_its_store(kept: Kept) -> None:
    await kept.fill()
    direct = replace(result(1, "publisher-mark"), key=None)
    assert await kept.results.store(direct)
    assert "mark" not in await kept.all()
    assert (await kept.results.found("publisher-mark", ["id-mark-1", "id-mark-9"]))["id-mark-1"].answer == direct.answer
    assert [one.item_id for one in await kept.results.of("publisher-mark")] == ["id-mark-1"]
    assert (await kept.results.counts("publisher-mark")).answered == 1


async def test_without_a_users_keys_his_items_and_results_are_gone_and_nobody_elses(kept: Kept) -> None:
    await kept.fill()
    await kept.keyring.destroy(holder_name(await kept.keyring.names(), digest_of(ITEMS[0].owner)))
    (chunk,) = [await kept.submissions.chunk(ID, lane.id, 0) for lane in await kept.submissions.lanes(ID)]
    assert chunk is not None
    assert chunk.items == (SubmittedItem(1, "1", {}), ITEMS[1])
    assert await kept.submissions.names(ID) == {1: "1", 2: "id-mark-2"}
    gone, whole = await kept.results.page(ID, "00001", "00002")
    assert (gone.state, gone.reason, gone.answer, gone.bill, gone.name) == ("failed", ERASED, None, None, "00001")
    assert (whole.answer, whole.item_id) == (result(2).answer, "id-mark-2")
    assert (await kept.submissions.get(ID)) is not None


async def test_a_result_that_was_moved_to_another_item_does_not_open(kept: Kept) -> None:
    await kept.fill()
    if isinstance(kept.base, Database):
        words = "SELECT words FROM results WHERE item = '00001'"
        await kept.base.write(f"UPDATE results SET words = ({words}), holder = NULL WHERE item = '00002'", [()])
    else:
        found = await kept.base.versioned(f"batches/{ID}/results", "00002")
        other = await kept.base.get(f"batches/{ID}/results", "00001")
        assert found
        assert other
        await kept.base.replaced(f"batches/{ID}/results", "00002", {**found[0], "words": other["words"]}, found[1])
    first, second = await kept.results.page(ID, "00001", "00002")
    assert (first.state, second.reason) == ("answered", ERASED)


async def test_what_was_kept_in_plain_before_is_read(kept: Kept) -> None:
    items = json.dumps([json.loads(encode_items((item,)))[0] for item in ITEMS])
    answer, bill = json.dumps({"content": "before"}), json.dumps({"caller": "key:web-mark"})
    if isinstance(kept.base, Database):
        row = (ID, WEB.tenant, WEB.caller, NOON.isoformat(), encode(BATCH), "9999")
        await kept.base.write("INSERT INTO batches VALUES (?, ?, ?, ?, ?, 1, 1, ?)", [row])
        await kept.base.write("INSERT INTO batch_chunks VALUES (?, '0-0', 0, ?)", [(ID, items)])
        columns = "batch, item, state, answer, at, expires_at, item_id, bill"
        old = f"INSERT INTO results ({columns}) VALUES (?, ?, 'answered', ?, ?, ?, ?, ?)"
        times = (NOON.isoformat(), "2026-02-01T00:00:00+00:00")
        rows = (ID, "00001", answer, *times, "id-mark-1", bill), ("theirs", "x", answer, *times, None, None)
        await kept.base.write(old, rows)
    else:
        until = NOON + timedelta(days=30)
        owner = digest_of(f"{WEB.tenant}\0{WEB.caller}")
        listed = f"owners/{owner}/batches"
        await kept.base.create("batches", ID, {"record": encode(BATCH), "expires_at": until})
        await kept.base.create(listed, ID, {"id": ID, "created_at": NOON, "expires_at": until})
        await kept.base.create(f"batches/{ID}/chunks", "0-0-0", {"items": items, "expires_at": until})
        one = {"item_id": "id-mark-1", "state": "answered", "answer": answer, "reason": None, "at": NOON, "expires_at": until}
        await kept.base.create(f"batches/{ID}/results", "00001", {**one, "bill": bill})
        await kept.base.create(f"batches/{plain_name('theirs')}/results", plain_name("x"), {**one, "item_id": "x"})
    batch = await kept.submissions.get(ID)
    assert batch is not None
    assert replace(batch, version="") == BATCH
    assert [one.id for one in await kept.submissions.listed(WEB, 9)] == [ID]
    chunk = await kept.submissions.chunk(ID, "0-0", 0)
    assert chunk is not None
    assert chunk.items == tuple(ITEMS)
    (old_result,) = await kept.results.page(ID, "00001", "00009")
    assert (old_result.item_id, old_result.answer) == ("id-mark-1", {"content": "before"})
    assert old_result.bill == {"caller": "key:web-mark"}
    assert (await kept.results.found("theirs", ["x", "y"]))["x"].answer == {"content": "before"}
    assert [one.item_id for one in await kept.results.of("theirs")] == ["x"]
