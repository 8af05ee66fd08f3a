"""`ion experiments`: what is sent, and what an operator sees."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.conftest import Ran
from tests.cli.stand_in import StandIn, said

PATH = "/api/v2/experiments"


def experiment(**more: Any) -> dict[str, Any]:
    arms = [{"id": "usual", "stopped": None}, {"id": "to-lua", "stopped": "errors"}]
    usual = {"id": "more-lua", "state": "running", "phase": 1, "varies": "weights", "exposure": 0.25, "layer": "main"}
    return {**usual, "arms": arms, **more}


def changed(**more: Any) -> dict[str, Any]:
    return {"experiment": experiment(**more), "everywhere_within_s": 5.0}


def test_experiments_are_listed(stand_in: StandIn, inside: Callable[..., Ran]) -> None:
    stand_in.says = [said({"experiments": [experiment()]})] * 2
    (row,) = [line.split("\t") for line in inside("experiments", "list").out.splitlines()]
    assert row == ["more-lua", "running", "1", "weights", "usual to-lua (stopped)", "0.25", "main"]
    assert inside("experiments", "list", "--json").json["experiments"][0]["id"] == "more-lua"


def test_a_draft_comes_from_a_file(stand_in: StandIn, inside: Callable[..., Ran], tmp_path: Path) -> None:
    stand_in.says = [said(changed(state="draft"))]
    draft = tmp_path / "draft.json"
    draft.write_text('{"id": "more-lua"}', encoding="utf-8")
    assert "more-lua is draft now, in phase 1" in inside("experiments", "create", str(draft)).out
    assert (stand_in.asked[0].method, stand_in.asked[0].path) == ("POST", PATH)
    assert json.loads(stand_in.asked[0].body) == {"id": "more-lua"}
    draft.write_text("{", encoding="utf-8")
    for broken in (str(draft), str(tmp_path / "nowhere.json")):
        refused = inside("experiments", "create", broken)
        assert (refused.code, len(stand_in.asked)) == (2, 1)
        assert "cannot be read as JSON" in refused.err


def test_an_experiment_is_started_grown_stopped_and_rolled_back(stand_in: StandIn, inside: Callable[..., Ran]) -> None:
    stand_in.says = [said(changed())] * 5
    commands = (("start",), ("start", "--exposure", "0.5"), ("stop",), ("stop", "--reason", "enough"), ("rollback", "--json"))
    for name, *options in commands:
        assert inside("experiments", name, "more-lua", *options).code == 0
    sent = [(one.method, one.path, json.loads(one.body or b"null")) for one in stand_in.asked]
    assert sent == [
        ("POST", f"{PATH}/more-lua/start", {}),
        ("POST", f"{PATH}/more-lua/start", {"exposure": 0.5}),
        ("POST", f"{PATH}/more-lua/stop", {}),
        ("POST", f"{PATH}/more-lua/stop", {"reason": "enough"}),
        ("POST", f"{PATH}/more-lua/rollback", None),
    ]


def test_a_report_begins_with_what_to_do(stand_in: StandIn, inside: Callable[..., Ran]) -> None:
    metric = {"metric": "helpful", "usual": 0.6, "value": 0.7, "interval": [0.05, 0.15], "adjusted_p": 0.001, "people": 99}
    few = {"metric": "cost_usd", "usual": None, "value": None, "interval": None, "adjusted_p": 1.0, "people": 3}
    report = {
        "says": "Ship: to-lua is better.",
        "people": {"usual": 50, "to-lua": 49},
        "answers": {"usual": {"L1": 7, "L2": 0, "made": 3}},
        "arms": [{"arm": "to-lua", "metrics": [metric, few]}],
    }
    stand_in.says = [said(report)] * 2
    ran = inside("experiments", "report", "more-lua")
    lines = ran.out.splitlines()
    assert lines[0] == "Ship: to-lua is better."
    assert [line.split("\t") for line in lines[1:3]] == [["usual", "50", "7", "0", "3"], ["to-lua", "49", "0", "0", "0"]]
    assert lines[3].split("\t") == ["to-lua", "helpful", "0.6000", "0.7000", "[+0.0500, +0.1500]", "0.0010", "99"]
    assert lines[4].split("\t") == ["to-lua", "cost_usd", "-", "-", "-", "1.0000", "3"]
    assert inside("experiments", "report", "more-lua", "--json").json["says"] == report["says"]
