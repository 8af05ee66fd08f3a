"""`ion batch` against a real set: a file handed in, watched, read, and handed in again."""

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.conftest import Ion, Ran

KOREAN = "팀장이 제 의견을 무시해요"
QUESTIONS = f'id,text,user\n1,"How do I prepare, for a job interview?",u1\n2,{KOREAN},u2\n3,죽고 싶어요,u3\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    path.write_bytes(f"{QUESTIONS}4,hello,{uuid4()}\n".encode("cp949"))  # another file in each test
    return path


def test_a_file_is_handed_in_watched_and_its_answers_kept(ion: Ion, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.csv"
    shown = ion.at_a_terminal("batch", "submit", str(file), "--follow", "--output", str(out), NO_COLOR="1", COLUMNS="200")
    assert shown.code == 0
    assert "converted from CP949 to UTF-8" in shown.out
    assert "4/4" in shown.out
    assert "answers that a person should look at first: 1" in shown.out
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    assert [(row["item_id"], row["state"], row["look_first"]) for row in rows] == [
        ("1", "answered", ""),
        ("2", "answered", ""),
        ("3", "answered", "yes"),
        ("4", "answered", ""),
    ]
    assert rows[1]["language"] == "ko"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_same_file_is_the_same_batch_until_asked_anew(near: Callable[..., Ran], file: Path, tmp_path: Path) -> None:
    first = near("batch", "submit", str(file))
    assert first.code == 0
    batch = first.out.strip()
    utf8 = tmp_path / "other.csv"
    utf8.write_text(file.read_bytes().decode("cp949"), encoding="utf-8")
    followed = near("batch", "submit", str(utf8), "--follow", "--json")
    assert (followed.code, followed.json["batch"]["id"], followed.json["batch"]["state"]) == (0, batch, "completed")
    anew = near("batch", "submit", str(file), "--again").out.strip()
    named = near("batch", "submit", str(file), "--name", "evening").out.strip()
    assert len({batch, anew, named}) == 3
    listed = {one["id"]: one["name"] for one in near("batch", "list", "--json").json["batches"]}
    assert listed[named] == "evening"
    assert {batch, anew} <= set(listed)
    assert f"{batch}\t-\tcompleted\t4\t" in near("batch", "list").out


def test_results_come_in_every_form(ion: Ion, near: Callable[..., Ran], file: Path, tmp_path: Path) -> None:
    batch = near("batch", "submit", str(file), "--follow", "--json").json["batch"]["id"]
    whole = near("batch", "results", batch, "--json").json
    lines = [json.loads(line) for line in near("batch", "results", batch).out.splitlines()]
    assert whole["complete"] is True
    assert lines == whole["results"]
    assert [line["place"] for line in lines] == [1, 2, 3, 4]
    out = tmp_path / "answers.ndjson"
    assert near("batch", "results", batch, "--output", str(out)).out == ""
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == lines
    assert near("batch", "results", batch, "--format", "csv").out.startswith("\ufeffitem_id,")
    safe = lines[2]["answer"]["content"].split()
    shown = ion.at_a_terminal("batch", "results", batch, NO_COLOR="1", COLUMNS="120").out
    assert [word for word in safe if word not in shown] == []


def test_what_has_ended_is_neither_cancelled_nor_replayed(near: Callable[..., Ran], file: Path) -> None:
    batch = near("batch", "submit", str(file), "--follow", "--json").json["batch"]["id"]
    assert near("batch", "cancel", batch, "--json").code in (0, 6)
    assert near("batch", "replay", batch, "--follow").code in (0, 6)
    status = near("batch", "status", batch, "--json").json["batch"]
    assert (status["state"], status["counts"]["answered"]) == ("completed", 4)
    for name in ("status", "results", "cancel", "replay"):
        assert near("batch", name, "batch_of/../another").code == 5


def test_each_wrong_line_is_named(near: Callable[..., Ran], tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("id,text,persona\n1,hello,\n1,again,\n3,hello,zoe\n", encoding="utf-8")
    ran = near("batch", "submit", str(bad))
    assert (ran.code, ran.out) == (3, "")
    assert "  line 3, item_id: " in ran.err
    assert "  line 4, persona: " in ran.err
    bad.write_bytes("text\n日本語の文章です\n".encode("shift_jis"))
    assert "  encoding: SHIFT_JIS\n  convert: iconv -f SHIFT_JIS -t UTF-8" in near("batch", "submit", str(bad)).err
    bad.write_text("user\nu1\n", encoding="utf-8")
    assert "text" in near("batch", "submit", str(bad)).err
