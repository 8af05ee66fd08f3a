"""The master key in a file: made once, for its owner alone, and rotated without losing what it wrapped."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.sealing.master import KeyFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "sealing.key"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files_of(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(mode)


async def test_it_is_made_when_it_is_needed_and_is_its_owners_alone(path: Path) -> None:
    wrapped = await KeyFile(path).wrap(b"keys", "2026-W48")
    assert mode_of(path) == 0o600
    assert files_of(path.parent) == ["sealing.key"]
    assert await KeyFile(path).unwrap(wrapped, "2026-W48") == b"keys"
    assert await KeyFile(path).unwrap(wrapped, "2026-W49") is None


async def test_of_several_that_need_it_at_once_one_makes_it(path: Path) -> None:
    files = [KeyFile(path) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(KeyFile._made, files))
    wrapped = await files[0].wrap(b"keys", "p")
    assert [await file.unwrap(wrapped, "p") for file in files] == [b"keys"] * 8


async def test_rotated_it_wraps_anew_and_what_lies_under_the_older_opens_until_that_is_forgotten(path: Path) -> None:
    here, there = KeyFile(path), KeyFile(path)
    old = await there.wrap(b"keys", "p")
    here.rotate()
    new = await there.wrap(b"keys", "p")
    assert [await there.unwrap(one, "p") for one in (old, new)] == [b"keys"] * 2
    here.forget_older()
    assert [await there.unwrap(one, "p") for one in (old, new)] == [None, b"keys"]


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, f"{'00' * 32}\n00"])
async def test_a_file_that_holds_something_else_is_refused_without_being_shown(path: Path, text: str) -> None:
    write(path, text, 0o600)
    with pytest.raises(SettingsInvalid, match=r"^SEALING_KEY_FILE: [a-z 0-9A-Z]+$"):
        await KeyFile(path).wrap(b"keys", "p")


async def test_a_file_that_others_may_read_is_refused(path: Path) -> None:
    write(path, "ab" * 32, 0o640)
    with pytest.raises(SettingsInvalid, match="chmod 600"):
        await KeyFile(path).wrap(b"keys", "p")
