"""Conversations at rest: nothing of them can be read, guessed or moved; what was kept in plain is read, and then sealed."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.sqlite import Database
from ion_mentoring.mentoring.privacy.seal_plain import SealPlain
from ion_mentoring.records.conversations.firestore import FirestoreConversations
from ion_mentoring.records.conversations.protocol import ConversationId, Session, Turn
from ion_mentoring.records.conversations.sealed import SealedConversations, place_of
from ion_mentoring.records.conversations.sqlite import SqliteConversations
from ion_mentoring.records.conversations.stored import StoredConversations, StoredTurn
from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.records.user_keys.protocol import KeyStore
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.sealing.master import OwnMasterKey
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient
from tests.records.keyrings import keyring

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADA = ConversationId("key:web/ada-the-mentee", "diary-한글")
SAID = (Turn("user", "MARK-question 비밀", NOON), Turn("assistant", "MARK-answer", NOON))
UNSAID = b"MARK", b"ada-the", b"diary", "한글".encode(), "비밀".encode()


async def rows(database: Database) -> bytes:
    """All that a database says, as bytes."""
    tables = await database.read("SELECT name FROM sqlite_master WHERE type = 'table'")
    return repr([await database.read(f"SELECT * FROM {name}") for (name,) in tables]).encode()


def contents(folder: Path) -> bytes:
    """All bytes of all files."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


def open_to_others(folder: Path) -> list[str]:
    """The files that others than their owner may read."""
    return [file.name for file in folder.iterdir() if file.stat().st_mode & 0o077]


@pytest.fixture(params=["sqlite", "firestore"])
async def parts(request: pytest.FixtureRequest) -> AsyncIterator[tuple[StoredConversations, KeyStore]]:
    if request.param == "firestore":
        documents = patient(request.getfixturevalue("firestore_project"))
        yield FirestoreConversations(documents, lambda: NOON), FirestoreKeyStore(documents)
        return
    database = sqlite_database(":memory:")
    store = SqliteKeyStore(database)
    await database.write("DELETE FROM sealing_steps WHERE name = ?", [("conversations",)])  # as after an upgrade
    yield SqliteConversations(database, lambda: NOON), store
    await database.close()


async def keep_plain(kept: StoredConversations, conversation: ConversationId, said: tuple[Turn, ...], entry: str) -> None:
    """Keeps turns as releases of before did."""
    turns = [StoredTurn(entry, place, turn.role, turn.content, turn.at, sealed=False) for place, turn in enumerate(said)]
    await kept.append(kept.plain(conversation), turns)
    if isinstance(kept, SqliteConversations):
        await kept._database.write("UPDATE sessions SET label = NULL WHERE session = label", [()])
        return
    owner, name = kept.plain(conversation).owner, kept.plain(conversation).listed
    documents = kept._documents  # type: ignore[attr-defined] # of Firestore's
    for place in range(len(said)):
        at = f"conversations/{name}/turns", f"{entry}-{place:04}"
        found = dict(await documents.get(*at))
        for field in ("sealed", "entry", "place", "persona"):
            found.pop(field)
        await documents.delete(*at)
        await documents.create(*at, found)
    found = dict(await documents.get(f"owners/{owner}/sessions", name))
    await documents.delete(f"owners/{owner}/sessions", name)
    plain = {"session": conversation.session} | {field: found[field] for field in ("updated_at", "turns", "expires_at")}
    await documents.create(f"owners/{owner}/sessions", name, plain)


async def test_the_file_and_its_log_hold_no_word_no_id_and_no_hash_of_one(tmp_path: Path) -> None:
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    conversations = SealedConversations(SqliteConversations(database, lambda: NOON), keyring(SqliteKeyStore(database)))
    await conversations.append(ADA, (SAID[0], replace(SAID[1], persona="MARK-mentor")), entry_id="e-1")
    everything = contents(tmp_path)
    assert [word for word in UNSAID if word in everything] == []
    for text in ("ada-the-mentee", ADA.owner, ADA.session, f"{ADA.owner}\0{ADA.session}"):
        assert hashlib.sha256(text.encode()).hexdigest().encode() not in everything
    assert open_to_others(tmp_path) == []
    await database.close()


async def test_a_stolen_copy_opens_nothing_with_another_master_key_nor_without_its_keys() -> None:
    database = sqlite_database(":memory:")
    kept, store = SqliteConversations(database, lambda: NOON), SqliteKeyStore(database)
    await SealedConversations(kept, keyring(store)).append(ADA, SAID, entry_id="e-1")
    thief: Keyring = keyring(store, master=OwnMasterKey(b"x" * 32))
    thief._names = await keyring(store).names()  # even who knows how things are called
    place = place_of(thief._names, ADA)
    assert len(await kept.recent(place.turns, 9)) == 2
    with pytest.raises(Exception, match="does not open under this master key"):
        await SealedConversations(kept, thief).recent(ADA, 9)
    await store.drop(place.owner)
    assert await SealedConversations(kept, keyring(store)).recent(ADA, 9) == ()
    assert await SealedConversations(kept, keyring(store)).sessions(ADA.owner, 9) == ()
    await database.close()


async def test_a_turn_that_was_moved_changed_or_given_another_role_is_not_there() -> None:
    database = sqlite_database(":memory:")
    kept, ring = SqliteConversations(database, lambda: NOON), keyring(SqliteKeyStore(database))
    conversations = SealedConversations(kept, ring)
    bob = ConversationId("key:web/bob", "s")
    await conversations.append(ADA, SAID, entry_id="e-1")
    await conversations.append(bob, (Turn("user", "hi", NOON),), entry_id="e-1")
    names = await ring.names()
    ours, his = place_of(names, ADA), place_of(names, bob)
    moved = await kept.recent(ours.turns, 9)
    await kept.append(his, [replace(turn, entry="e-2") for turn in moved])
    await kept.append(replace(ours, label="x"), [replace(turn, entry="e-3") for turn in moved])
    await kept.append(ours, [replace(moved[0], entry="e-4", role="assistant")])
    assert [turn.content for turn in await conversations.recent(bob, 9)] == ["hi"]
    assert await conversations.recent(ADA, 9) == SAID
    await database.close()


async def test_a_mentor_who_was_put_beside_an_answer_did_not_give_it(parts: tuple[StoredConversations, KeyStore]) -> None:
    kept, store = parts
    ring = keyring(store)
    conversations = SealedConversations(kept, ring)
    for number, mentor in enumerate(("lua", "nana")):
        answer = Turn("assistant", f"answer {number}", NOON, mentor)
        await conversations.append(ADA, (answer,), entry_id=f"e-{number}")
    place = place_of(await ring.names(), ADA)
    first, second = await kept.recent(place.turns, 9)
    await kept.erase(place)
    for turn in (replace(first, persona=second.persona), replace(second, persona="")):
        await kept.append(place, [turn])
    assert [(turn.content, turn.persona) for turn in await conversations.recent(ADA, 9)] == [("answer 0", ""), ("answer 1", "")]


async def test_what_was_kept_in_plain_is_read_listed_continued_and_erased(parts: tuple[StoredConversations, KeyStore]) -> None:
    kept, store = parts
    conversations = SealedConversations(kept, keyring(store))
    await keep_plain(kept, ADA, SAID, "e-1")
    assert await conversations.recent(ADA, 9) == SAID
    assert await conversations.sessions(ADA.owner, 9) == (Session(ADA.session, NOON, 2),)
    more = (Turn("user", "more", NOON + timedelta(minutes=1)),)
    await conversations.append(ADA, more, entry_id="e-2")
    assert await conversations.recent(ADA, 9) == (*SAID, *more)
    assert await conversations.recent(ADA, 2) == (*SAID[1:], *more)
    assert await conversations.sessions(ADA.owner, 9) == (Session(ADA.session, more[0].at, 3),)
    await conversations.erase(ADA)
    assert await conversations.recent(ADA, 9) == ()
    assert await conversations.sessions(ADA.owner, 9) == ()


async def test_sealing_what_was_plain_can_be_broken_off_and_leaves_everything_readable(
    parts: tuple[StoredConversations, KeyStore],
) -> None:
    kept, store = parts
    others = [ConversationId(f"key:web/{number}", "s") for number in range(3)]
    for conversation in (ADA, *others):
        await keep_plain(kept, conversation, SAID, "e-1")
    conversations = SealedConversations(kept, keyring(store))
    await conversations.append(ADA, (Turn("user", "more", NOON + timedelta(minutes=1)),), entry_id="e-2")

    def break_off(kind: str, done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await SealPlain(kept, keyring(store), break_off)()
    told: list[tuple[str, int]] = []
    again = SealPlain(kept, keyring(store), lambda *done: told.append(done))
    found = await again()
    assert found["sessions"] == 4
    assert ("sessions", 4) in told
    assert await again() == {"turns": 0, "sessions": 0}
    assert await store.flag("conversations")
    fresh = SealedConversations(kept, keyring(store))
    for conversation in (ADA, *others):
        assert (await fresh.recent(conversation, 9))[:2] == SAID
    assert await fresh.sessions(ADA.owner, 9) == (Session(ADA.session, NOON + timedelta(minutes=1), 3),)
    if isinstance(kept, SqliteConversations):
        assert [word for word in UNSAID if word in await rows(kept._database)] == []
    await fresh.erase(ADA)
    assert await fresh.recent(ADA, 9) == ()


async def test_a_new_file_has_nothing_in_plain_and_is_not_looked_through() -> None:
    database = sqlite_database(":memory:")
    assert await SqliteKeyStore(database).flag("conversations")
    await database.close()
