"""A prompt changes only on purpose: its file shows it, and its version says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.personas.prompts import golden
from tests.personas.prompts.golden import FOLDER, Golden, goldens

ALL = list(goldens())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.path.stem)
def test_a_prompt_is_what_its_file_shows(one: Golden) -> None:
    assert one.known == one.text, (
        "the prompt differs from its file: raise its version, then run `python -m tests.personas.prompts.golden --write`"
    )


def test_there_is_no_file_of_a_persona_that_has_left() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {one.path.name for one in ALL}


def test_a_changed_text_is_written_only_under_another_version(tmp_path: Path) -> None:
    path = tmp_path / "lua-en.txt"
    old = Golden(path, "1.1", "version 1.1\nold\n")
    assert old.may_be_written, "there is no file yet"
    path.write_text(old.text, encoding="utf-8")
    assert old.may_be_written, "nothing changed"
    assert not replace(old, text="version 1.1\nnew\n").may_be_written
    assert replace(old, version="1.2", text="version 1.2\nnew\n").may_be_written


def test_the_program_refuses_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    assert golden.main(["--write"]) == 0
    assert golden.main(["--write"]) == 0
    changed = tmp_path / ALL[0].path.name
    changed.write_text(changed.read_text(encoding="utf-8") + "more", encoding="utf-8")
    assert golden.main(["--write"]) == 1
    assert f"{changed.name}: the text changed and its version did not" in capsys.readouterr().err
