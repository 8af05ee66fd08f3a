"""Erasing a person: everything goes, nobody else's does, twice is once, broken off it goes on, no backup undoes it."""

import base64
import shutil
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from ion_mentoring.errors import CacheUnavailable, StoreUnavailable
from ion_mentoring.local import erasing
from ion_mentoring.mentoring.privacy.kinds import PersonalKind
from ion_mentoring.records.batches.results import ERASED
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.wiring.stores import stores
from tests.mentoring.privacy.world import KIM, LEE, MARK, NOW, World

GONE = {"sessions": 0, "turns": 0, "item": {}, "result": ERASED, "ratings": 0, "profile": False, "met": 0}
THERE = {"sessions": 3, "turns": 2, "item": {"user_input": MARK}, "result": None, "ratings": 1, "profile": True, "met": 1}
COUNTED = {"sessions": 3, "batch_items": 2, "results": 2, "ratings": 1, "profile": 1, "exposures": 1}


async def test_everything_of_one_person_goes_and_nothing_of_another(world: World) -> None:
    erasure = await world.erase()(KIM)
    assert erasure.finished_at is not None
    assert erasure.erased == COUNTED
    assert await world.left(KIM, 1) == GONE
    assert await world.left(LEE, 2) == THERE
    assert world.told == [KIM]
    assert [word for word in (MARK, "kim", "마크") if word in "".join(world.lines)] == []
    assert erasure.holder in "".join(world.lines)


async def test_twice_gives_the_same_and_what_is_new_since_goes_as_well(world: World) -> None:
    first = await world.erase()(KIM)
    assert await world.erase()(KIM) == first
    assert await world.erase().progress(KIM) == first
    assert await world.erase().progress(LEE) is None
    again = (Turn("user", MARK, NOW),)
    await world.kept.conversations.append(ConversationId(KIM, "s-0"), again, entry_id="new")
    assert await world.kept.conversations.recent(ConversationId(KIM, "s-0"), 9) == again
    assert (await world.erase()(KIM)).erased == {**COUNTED, "sessions": 4}
    assert await world.left(KIM, 1) == GONE


@pytest.mark.parametrize("step", range(6))
async def test_broken_off_at_any_kind_nothing_can_be_read_and_the_next_call_finishes(world: World, step: int) -> None:
    use_case = world.erase()

    async def dies(_holder: str) -> int:
        raise StoreUnavailable("died here")

    kinds = [kind if number != step else PersonalKind(kind.name, dies, kind.read) for number, kind in enumerate(use_case.kinds)]
    with pytest.raises(StoreUnavailable):
        await replace(use_case, kinds=kinds)(KIM)
    progress = await world.erase().progress(KIM)
    assert progress is not None
    assert progress.finished_at is None
    left = await world.left(KIM, 1)
    assert (left["sessions"], left["turns"], left["item"], left["result"]) == (0, 0, {}, ERASED)
    assert (await world.erase()(KIM)).finished_at is not None
    assert await world.left(KIM, 1) == GONE


async def test_a_cache_that_cannot_be_told_leaves_it_unfinished_but_the_stores_are_empty(world: World) -> None:
    async def down(_owner: str) -> None:
        raise CacheUnavailable("down")

    with pytest.raises(StoreUnavailable, match="cache"):
        await world.erase(forget=down)(KIM)
    assert await world.left(KIM, 1) == GONE
    progress = await world.erase().progress(KIM)
    assert progress is not None
    assert progress.finished_at is None
    assert (await world.erase()(KIM)).finished_at is not None


def forms(text: str) -> list[bytes]:
    """A text as it may lie in a file."""
    found = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    codes = [one.encode(code) for one in found for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [*codes, *(base64.b64encode(one).rstrip(b"=")[:-1] for one in codes)]


def leaks(folder: Path) -> list[tuple[str, bytes]]:
    words = [form for text in (MARK, "kim-마크") for form in forms(text)]
    return [(file.name, word) for file in folder.iterdir() for word in words if word in file.read_bytes()]


async def test_no_file_holds_a_mark_before_or_after_nor_does_a_backup_bring_anybody_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = f"sqlite:///{tmp_path}/ion.sqlite3"
    world = World(setting, stores(setting), [], [])
    await world.batch()
    await world.fill(KIM, 1)
    await world.fill(LEE, 2)
    assert leaks(tmp_path) == []
    backup = backed_up(tmp_path / "ion.sqlite3")
    await world.erase()(KIM)
    assert leaks(tmp_path) == []
    assert log_bytes(tmp_path) == 0
    restored(tmp_path / "ion.sqlite3", backup)
    assert (await world.left(KIM, 1))["sessions"] == 3
    monkeypatch.setenv("STORE", setting)
    assert await erasing.erase_again([]) == ["gone through: 1 erasures", "erased again: 10 records"]
    assert await world.left(KIM, 1) == GONE
    assert await world.left(LEE, 2) == THERE
    holder = await world.erase().holder(LEE)
    assert (await erasing.erase_again([f"{holder}\n", "\n"]))[0] == "gone through: 2 erasures"
    assert await world.left(LEE, 2) == GONE


def log_bytes(folder: Path) -> int:
    return (folder / "ion.sqlite3-wal").stat().st_size


def backed_up(file: Path) -> Path:
    """A copy of a database while others work on it."""
    copy = file.with_name("backup")
    with closing(sqlite3.connect(file)) as live, closing(sqlite3.connect(copy)) as target:
        live.backup(target)
    return copy


def restored(file: Path, backup: Path) -> None:
    """A set that begins again with a backup: its log is gone with what was there."""
    for name in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
    shutil.copy(backup, file)
