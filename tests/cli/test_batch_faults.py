"""`ion batch` while the network comes and goes, with Ctrl-C, and where something failed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ion_cli import batches
from tests.cli.conftest import Ion, Ran
from tests.cli.stand_in import Said, StandIn, refused, said

ID = "batch_a"
ROWS = b'{"item_id": "1"}\n{"item_id": "2"}\n'
NDJSON = {"content-type": "application/x-ndjson", "x-batch-complete": "true"}


def batch(state: str = "running", pending: int = 2, failed: int = 0, **more: Any) -> Said:
    counts = {"pending": pending, "answered": 2 - pending - failed, "failed": failed, "cancelled": 0, "look_first": 0}
    return said({"batch": {"id": ID, "name": None, "state": state, "total": 2, "counts": counts, "left_s": 90.0} | more})


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, waits in {"LOOKS_S": (), "LOOK_S": 0.0, "RETRY_S": (), "LAST_RETRY_S": 0.0}.items():
        monkeypatch.setattr(batches, name, waits)
    path = tmp_path / "questions.csv"
    path.write_text("text\nhello\nthere\n", encoding="utf-8")
    return path


def test_a_network_that_is_lost_is_waited_for(stand_in: StandIn, inside: Callable[..., Ran], file: Path) -> None:
    gone = [Said(body=b"{", cut=True)] * 5  # as many as end a single call
    stand_in.says = [*gone[:1], batch(), *gone, batch(pending=1), *gone, batch("completed", 0), Said(200, ROWS, NDJSON)]
    out = file.with_name("answers.ndjson")
    ran = inside("batch", "submit", str(file), "--follow", "--output", str(out))
    assert (ran.code, out.read_bytes()) == (0, ROWS)
    sent = [one for one in stand_in.asked if one.method == "POST"]
    assert len(sent) == 2
    assert {one.headers["idempotency-key"] for one in sent} == {sent[0].headers["idempotency-key"]}


def test_a_network_that_stays_away_ends_it_when_the_patience_is_over(
    stand_in: StandIn, inside: Callable[..., Ran], file: Path
) -> None:
    stand_in.says = [batch(), Said(body=b"{", cut=True)]
    ran = inside("batch", "submit", str(file), "--follow", "--patience", "0", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (8, "CONNECTION_LOST")
    stand_in.says = [batch(), refused(404, "NOT_FOUND")]
    assert inside("batch", "submit", str(file), "--follow").code == 5


def test_results_that_break_off_are_read_again_and_no_half_of_them_is_kept(
    stand_in: StandIn, inside: Callable[..., Ran], file: Path
) -> None:
    out = file.with_name("answers.ndjson")
    out.write_text("older", encoding="utf-8")
    stand_in.says = [Said(200, ROWS[:20], NDJSON, cut=True), refused(404, "NOT_FOUND")]
    assert inside("batch", "results", ID, "--output", str(out)).code == 5
    assert out.read_text(encoding="utf-8") == "older"
    stand_in.says = [Said(200, ROWS[:20], NDJSON, cut=True), Said(200, ROWS, NDJSON)]
    assert inside("batch", "results", ID, "--output", str(out)).code == 0
    assert out.read_bytes() == ROWS
    assert sorted(path.name for path in out.parent.iterdir()) == ["answers.ndjson", "questions.csv"]


def test_what_failed_and_what_has_not_ended_have_exit_codes(stand_in: StandIn, inside: Callable[..., Ran], file: Path) -> None:
    stand_in.says = [batch("completed", 0, failed=1)]
    assert inside("batch", "submit", str(file), "--follow").code == 9
    assert inside("batch", "status", ID).code == 0
    out = file.with_name("answers.ndjson")
    stand_in.says = [Said(200, ROWS, NDJSON | {"x-batch-complete": "false"})]
    ran = inside("batch", "results", ID, "--output", str(out))
    assert (ran.code, out.read_bytes()) == (7, ROWS)
    assert "not ended yet" in ran.err
    stand_in.says = [refused(409, "CONFLICT")]
    assert inside("batch", "replay", ID).code == 6


def test_ctrl_c_leaves_the_batch_and_says_how_to_come_back(stand_in: StandIn, elsewhere: Ion, file: Path) -> None:
    stand_in.says = [batch(pending=1)]
    out = file.with_name("answers.csv")
    typed = (("about 2 min left", "\x03"),)
    shown = elsewhere.at_a_terminal(
        "batch", "submit", str(file), "-f", "-o", str(out), typed=typed, COLUMNS="300", NO_COLOR="1"
    )
    assert shown.code == 130
    assert f"ion batch status {ID} --follow --output {out}" in shown.out
    assert all(one.method != "DELETE" for one in stand_in.asked)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("submit", "-"), "--format"),
        (("submit", "questions.xlsx"), "--format"),
        (("submit", "nowhere.csv"), "nowhere.csv"),
        (("results", ID, "-o", "a.xlsx"), ".csv"),
        (("results", ID, "-o", "-"), ".csv"),
        (("status", ID, "-o", "/nowhere/a.csv"), "/nowhere/a.csv"),
    ],
)
def test_a_file_that_will_not_do_is_told_before_anything_is_asked(
    stand_in: StandIn, inside: Callable[..., Ran], arguments: tuple[str, ...], told: str
) -> None:
    ran = inside("batch", *arguments)
    assert (ran.code, stand_in.asked) == (2, [])
    assert told in ran.err


def test_wishes_go_with_the_file_and_into_a_json_body(stand_in: StandIn, inside: Callable[..., Ran], file: Path) -> None:
    secret = {"url": "https://x.example", "secrets": ["whsec_1"]}
    stand_in.says = [batch(webhook=secret)]
    wishes = ("--name", "이름", "--days", "3", "--webhook", "https://x.example/")
    assert inside("batch", "submit", str(file), *wishes, "--json").json["batch"]["webhook"]["secrets"] == ["whsec_1"]
    assert stand_in.asked[-1].path.partition("?")[2].split("&")[1:] == [
        "webhook_url=https%3A%2F%2Fx.example%2F",
        "retention_days=3",
    ]
    body = file.with_suffix(".json")
    body.write_text('{"requests": [{"user_input": "x"}]}', encoding="utf-8")
    inside("batch", "submit", str(body), *wishes)
    assert stand_in.asked[-1].path == "/api/v2/batches"
    assert json.loads(stand_in.asked[-1].body)["retention_days"] == 3
