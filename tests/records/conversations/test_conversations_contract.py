"""What every memory of conversations does: one body for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.records.conversations.firestore import FirestoreConversations
from ion_mentoring.records.conversations.protocol import RETENTION, ConversationId, Conversations, Session, Turn
from ion_mentoring.records.conversations.sealed import SealedConversations, place_of
from ion_mentoring.records.conversations.sqlite import SqliteConversations
from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient
from tests.records.keyrings import keyring

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HERE = ConversationId("ada", "s-1")
ADAPTERS = ["sqlite in memory", "sqlite in a file", "firestore"]


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


Connect = Callable[..., Conversations]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ADAPTERS)
async def connect(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Connect]:
    """Makes one more instance of the memory over the same store, as another function instance would."""
    if request.param == "firestore":
        project = request.getfixturevalue("firestore_project")
        documents = patient(project)
        keys = FirestoreKeyStore(documents)
        yield lambda **options: SealedConversations(FirestoreConversations(documents, clock, **options), keyring(keys))
        return
    in_memory = request.param == "sqlite in memory"
    opened = [sqlite_database(":memory:" if in_memory else str(tmp_path / "ion.sqlite3"))]

    def another(**options: timedelta) -> Conversations:
        if not in_memory:
            opened.append(sqlite_database(str(tmp_path / "ion.sqlite3")))
        kept = SqliteConversations(opened[-1], clock, **options)
        return SealedConversations(kept, keyring(SqliteKeyStore(opened[-1])))

    yield another
    for database in opened:
        await database.close()


@pytest.fixture
def conversations(connect: Connect) -> Conversations:
    return connect()


def exchange(number: int, at: datetime = NOON) -> tuple[Turn, Turn]:
    return Turn("user", f"question {number}", at), Turn("assistant", f"answer {number}", at)


def contents(turns: tuple[Turn, ...]) -> list[str]:
    return [turn.content for turn in turns]


async def test_a_conversation_that_nobody_began_is_empty(conversations: Conversations) -> None:
    assert await conversations.recent(HERE, 10) == ()


async def test_turns_come_back_as_they_were_said(conversations: Conversations) -> None:
    turns = (Turn("user", "질문?", NOON), Turn("assistant", "대답!", NOON + timedelta(microseconds=1)))
    await conversations.append(HERE, turns, entry_id="e-1")
    assert await conversations.recent(HERE, 10) == turns


async def test_who_answered_comes_back_with_the_answer(conversations: Conversations) -> None:
    turns = (Turn("user", "질문?", NOON), Turn("assistant", "대답!", NOON, "nana"))
    assert await conversations.append(HERE, turns, entry_id="e-1") == turns
    assert await conversations.recent(HERE, 10) == turns
    again = (turns[0], Turn("assistant", "another", NOON, "lua"))
    assert await conversations.append(HERE, again, entry_id="e-1") == turns


async def test_the_newest_turns_are_given_oldest_first(conversations: Conversations) -> None:
    for number in range(4):
        await conversations.append(HERE, exchange(number, NOON + timedelta(seconds=number)), entry_id=f"e-{number}")
    assert contents(await conversations.recent(HERE, 3)) == ["answer 2", "question 3", "answer 3"]
    assert await conversations.recent(HERE, 0) == ()


async def test_the_first_turn_is_the_oldest_that_is_kept(conversations: Conversations, clock: Clock) -> None:
    assert await conversations.first(HERE) is None
    later = exchange(2, NOON + timedelta(days=20))
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    await conversations.append(HERE, later, entry_id="e-2")
    assert await conversations.first(HERE) == exchange(1)[0]
    clock.time = NOON + RETENTION
    assert await conversations.first(HERE) == later[0]


async def test_a_late_write_of_an_earlier_turn_takes_its_place_in_time(conversations: Conversations) -> None:
    await conversations.append(HERE, exchange(2, NOON + timedelta(seconds=2)), entry_id="a")
    await conversations.append(HERE, exchange(1, NOON + timedelta(seconds=1)), entry_id="b")
    assert contents(await conversations.recent(HERE, 9)) == ["question 1", "answer 1", "question 2", "answer 2"]


async def test_entries_of_the_same_moment_stay_whole_in_the_order_of_their_ids(conversations: Conversations) -> None:
    ids = ["b", "a:1", "a@x", "a", "a-b", "A", "a.b", "a_b"]
    for number, entry_id in enumerate(ids):
        await conversations.append(HERE, exchange(number), entry_id=entry_id)
    expected = [f"{kind} {ids.index(entry_id)}" for entry_id in sorted(ids) for kind in ("question", "answer")]
    assert contents(await conversations.recent(HERE, 99)) == expected


async def test_the_order_within_an_entry_is_that_of_its_turns_beyond_ten(conversations: Conversations) -> None:
    turns = tuple(Turn("user", str(number), NOON) for number in range(25))
    await conversations.append(HERE, turns, entry_id="e-1")
    assert await conversations.recent(HERE, 99) == turns


async def test_an_entry_of_no_turns_changes_nothing(conversations: Conversations) -> None:
    await conversations.append(HERE, (), entry_id="e-1")
    assert await conversations.recent(HERE, 10) == ()


async def test_the_same_entry_twice_is_there_once(conversations: Conversations) -> None:
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    assert await conversations.recent(HERE, 10) == exchange(1)


async def test_an_entry_of_a_known_id_changes_nothing_even_if_it_says_something_else(conversations: Conversations) -> None:
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    longer = (*exchange(2, NOON + timedelta(hours=1)), *exchange(3))
    await conversations.append(HERE, longer, entry_id="e-1")
    assert await conversations.recent(HERE, 10) == exchange(1)


async def test_whoever_appends_hears_what_stands_under_the_entry(connect: Connect) -> None:
    first, second = connect(), connect()
    assert await first.append(HERE, exchange(1), entry_id="e-1") == exchange(1)
    assert await second.append(HERE, (*exchange(2), *exchange(3)), entry_id="e-1") == exchange(1)
    assert await second.append(HERE, (), entry_id="e-2") == ()


async def test_of_several_who_append_an_entry_at_once_all_hear_the_same(connect: Connect) -> None:
    instances = [connect(), connect()]
    heard = await asyncio.gather(*(instances[number % 2].append(HERE, exchange(number), entry_id="e-1") for number in range(6)))
    assert set(heard) == {await instances[0].recent(HERE, 10)}


async def test_the_same_entry_from_two_instances_at_once_is_there_once(connect: Connect) -> None:
    first, second = connect(), connect()
    await asyncio.gather(*(one.append(HERE, exchange(1), entry_id="e-1") for one in (first, second, first, second)))
    assert await first.recent(HERE, 10) == exchange(1)


async def test_entries_of_two_instances_at_once_are_all_kept_and_whole(connect: Connect) -> None:
    first, second = connect(), connect()
    await asyncio.gather(
        *((first, second)[number % 2].append(HERE, exchange(number), entry_id=f"e-{number:02}") for number in range(20))
    )
    expected = [f"{kind} {number}" for number in range(20) for kind in ("question", "answer")]
    assert contents(await first.recent(HERE, 99)) == contents(await second.recent(HERE, 99)) == expected


@pytest.mark.parametrize(
    "content",
    ["", "a\0b", "\0", "👩‍👩‍👧‍👦 가\u0301 \U0010ffff", "'; DROP TABLE turns; --", "\r\n\t ", "가" * 20_000],
    ids=["empty", "nul inside", "only nul", "emoji", "sql", "whitespace", "20,000 characters"],
)
async def test_any_text_comes_back_unchanged(conversations: Conversations, content: str) -> None:
    await conversations.append(HERE, (Turn("user", content, NOON),), entry_id="e-1")
    assert contents(await conversations.recent(HERE, 1)) == [content]


async def test_a_time_of_any_zone_is_the_same_moment_afterwards(conversations: Conversations) -> None:
    at = datetime.fromisoformat("2026-01-01T21:00:00.000001+09:00")
    await conversations.append(HERE, (Turn("user", "안녕", at),), entry_id="e-1")
    (turn,) = await conversations.recent(HERE, 1)
    assert turn.at == at
    assert turn.at.tzinfo is not None


@pytest.mark.parametrize(
    "other",
    [
        ConversationId("bob", "s-1"),
        ConversationId("ada", "s-2"),
        ConversationId("adas", "-1"),
        ConversationId("ADA", "S-1"),
        ConversationId("", "adas-1"),
        ConversationId("ada/s-1", ""),
    ],
    ids=str,
)
async def test_a_conversation_is_its_owners_and_its_sessions_alone(conversations: Conversations, other: ConversationId) -> None:
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    assert await conversations.recent(other, 10) == ()
    await conversations.append(other, exchange(2), entry_id="e-1")
    await conversations.erase(other)
    assert await conversations.recent(HERE, 10) == exchange(1)


@pytest.mark.parametrize("name", ["x" * 128, "..", ".", "__all__", "a:b@c.d-e_f", "-"])
async def test_names_of_any_allowed_character_work(conversations: Conversations, name: str) -> None:
    conversation = ConversationId(name, name)
    await conversations.append(conversation, exchange(1), entry_id=name)
    assert await conversations.recent(conversation, 10) == exchange(1)
    await conversations.erase(conversation)
    assert await conversations.recent(conversation, 10) == ()


async def test_an_erased_conversation_is_empty_and_may_be_erased_again(conversations: Conversations) -> None:
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    await conversations.erase(HERE)
    assert await conversations.recent(HERE, 10) == ()
    await conversations.erase(HERE)
    assert await conversations.recent(HERE, 10) == ()


async def test_an_erased_conversation_may_begin_again_with_the_same_entry(conversations: Conversations) -> None:
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    await conversations.erase(HERE)
    await conversations.append(HERE, exchange(2), entry_id="e-1")
    assert await conversations.recent(HERE, 10) == exchange(2)


def said(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


async def test_an_owners_sessions_are_listed_newest_first_with_their_turns(conversations: Conversations) -> None:
    for number, name in enumerate(("one", "two", "three", "one")):
        await conversations.append(ConversationId("ada", name), exchange(number, said(number)), entry_id=f"e-{number}")
    await conversations.append(ConversationId("bob", "his"), exchange(9, said(9)), entry_id="e-9")
    listed = [Session("one", said(3), 4), Session("three", said(2), 2), Session("two", said(1), 2)]
    assert list(await conversations.sessions("ada", 10)) == listed
    assert list(await conversations.sessions("ada", 2)) == listed[:2]
    assert list(await conversations.sessions("ada", 10, said(2))) == listed[2:]
    assert await conversations.sessions("eve", 10) == ()


async def test_the_same_entry_twice_counts_once_in_the_list(conversations: Conversations) -> None:
    for _ in range(2):
        await conversations.append(HERE, exchange(1), entry_id="e-1")
    assert [session.turns for session in await conversations.sessions("ada", 9)] == [2]


async def test_an_erased_session_and_one_that_nothing_was_said_in_are_not_listed(conversations: Conversations) -> None:
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    await conversations.append(ConversationId("ada", "empty"), (), entry_id="e-1")
    await conversations.erase(HERE)
    assert await conversations.sessions("ada", 9) == ()


async def test_a_session_is_listed_as_long_as_its_newest_turn_is_kept(conversations: Conversations, clock: Clock) -> None:
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    await conversations.append(HERE, exchange(2, NOON + timedelta(days=20)), entry_id="e-2")
    clock.time = NOON + RETENTION + timedelta(days=20) - timedelta(microseconds=1)
    assert len(await conversations.sessions("ada", 9)) == 1
    clock.time = NOON + RETENTION + timedelta(days=20)
    assert await conversations.sessions("ada", 9) == ()


async def test_a_turn_is_kept_for_thirty_days_and_not_a_moment_longer(conversations: Conversations, clock: Clock) -> None:
    assert timedelta(days=30) == RETENTION
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    clock.time = NOON + RETENTION - timedelta(microseconds=1)
    assert await conversations.recent(HERE, 10) == exchange(1)
    clock.time = NOON + RETENTION
    assert await conversations.recent(HERE, 10) == ()


async def test_only_the_expired_turns_of_a_conversation_are_left_out(conversations: Conversations, clock: Clock) -> None:
    later = NOON + timedelta(days=20)
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    await conversations.append(HERE, exchange(2, later), entry_id="e-2")
    clock.time = NOON + RETENTION
    assert await conversations.recent(HERE, 10) == exchange(2, later)


async def test_the_retention_can_be_shorter(connect: Connect, clock: Clock) -> None:
    conversations = connect(retention=timedelta(hours=1))
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    clock.time = NOON + timedelta(minutes=59)
    assert await conversations.recent(HERE, 10) == exchange(1)
    clock.time = NOON + timedelta(hours=1)
    assert await conversations.recent(HERE, 10) == ()


async def test_the_next_append_drops_expired_rows_from_sqlite(clock: Clock) -> None:
    database = sqlite_database(":memory:")
    conversations = SealedConversations(SqliteConversations(database, clock), keyring(SqliteKeyStore(database)))
    await conversations.append(HERE, exchange(1), entry_id="e-1")
    clock.time = NOON + RETENTION
    await conversations.append(ConversationId("bob", "s"), exchange(2, clock.time), entry_id="e-2")
    assert await database.read("SELECT DISTINCT entry FROM turns") == [("e-2",)]
    await database.close()


async def test_firestore_keeps_when_a_turn_expires_for_its_policy(firestore_project: str, clock: Clock) -> None:
    documents = patient(firestore_project)
    ring = keyring(FirestoreKeyStore(documents))
    await SealedConversations(FirestoreConversations(documents, clock), ring).append(HERE, exchange(1), entry_id="e-1")
    place = place_of(await ring.names(), HERE)
    found = await documents.all(f"conversations/{place.turns}/turns")
    assert [one["expires_at"] for one in found] == [NOON + RETENTION] * 2
