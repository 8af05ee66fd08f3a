"""`make seal` and `make keys`, as an operator runs them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ion_mentoring.local import sealing
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.wiring.stores import stores

ADA = ConversationId("key:web/ada", "s-1")
SAID = (Turn("user", "hello", datetime.now(UTC)),)

Run = Callable[..., str]


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    setting = f"sqlite:///{tmp_path}/ion.sqlite3"
    monkeypatch.setenv("STORE", setting)
    await stores(setting).conversations.append(ADA, SAID, entry_id="e-1")
    return setting


async def run(*words: str) -> str:
    """The lines that a command prints."""
    return "\n".join(await sealing.run(sealing.parser().parse_args(words)))


async def test_keys_are_counted_by_week(store: str) -> None:
    assert await run("--report") == f"{datetime.now(UTC):%G-W%V}: the keys of 1"


async def test_a_rotated_master_key_opens_what_the_old_one_did_and_is_alone_in_its_file(store: str, tmp_path: Path) -> None:
    before = keys_in(tmp_path)
    assert await run("--rotate", "master") == "under the newest master key: the keys of 2 periods"
    assert len(keys_in(tmp_path)) == 1
    assert keys_in(tmp_path) != before
    assert await stores(store).conversations.recent(ADA, 9) == SAID


async def test_keys_of_this_week_need_no_new_wrapping(store: str) -> None:
    assert await run("--rotate", "period") == "under this week's key: the keys of 0 more\ndestroyed: the keys of 0 weeks"


async def test_sealing_where_nothing_is_in_plain_says_so(store: str) -> None:
    assert (await run()).endswith("nothing is left in plain")


def test_a_store_that_is_away_or_a_wrong_setting_is_a_line_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("STORE", f"sqlite:///{tmp_path}")
    assert sealing.main(["--report"]) == 1
    assert capsys.readouterr().err.startswith("sqlite:")
    monkeypatch.setenv("STORE", "nonsense")
    assert sealing.main([]) == 1
    assert "STORE" in capsys.readouterr().err


def keys_in(folder: Path) -> list[str]:
    return (folder / "sealing.key").read_text().split()
