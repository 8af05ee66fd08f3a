"""A region that a release has reached gets the load of the scenario `canary`, by the program that people run, too."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from infra.releasing import bearing
from infra.releasing.bearing import bears, ready
from infra.releasing.smoke import Target
from infra.user_error import UserError
from loadtests.gate import BROKEN, HELD, NOTHING_TO_SAY
from loadtests.scenario import read
from loadtests.visitor import kinds

Programs = Callable[[str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Puts a shell script in the place of Locust's Python."""

    def put(script: str) -> None:
        file = tmp_path / "python"
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)
        monkeypatch.setattr(bearing, "PYTHON", file)

    return put


def target(key: str | None = "ion_smoke") -> Target:
    return Target(httpx2.Client(), "https://europe-west1.example.com", "europe-west1", key)


def test_a_region_that_bears_it_is_asked_with_the_key_of_the_smoke_test(program: Programs) -> None:
    program('echo "$@"; echo "$LOAD_KEYS"; echo "The gate says yes: every promise held. (exit code 0)"')
    said: list[str] = []
    assert bears(target(), said.append) is None
    assert said[0] == "  -m loadtests canary --url https://europe-west1.example.com"
    assert said[1] == "  mentee=ion_smoke,service=ion_smoke"


def test_without_a_key_none_is_named(program: Programs) -> None:
    program('echo "keys:$LOAD_KEYS"')
    said: list[str] = []
    assert bears(target(key=None), said.append) is None
    assert said == ["  keys:"]


def test_a_promise_that_broke_is_the_reason(program: Programs) -> None:
    program(f'echo "BROKEN  process: P95 was 9000 ms; less than 8000 ms was promised."; exit {BROKEN}')
    assert bears(target(), lambda _: None) == "process: P95 was 9000 ms; less than 8000 ms was promised."


def test_a_load_of_which_nothing_can_be_said_is_no_good_sign(program: Programs) -> None:
    program(f'echo "load: https://x does not answer: ConnectError" >&2; exit {NOTHING_TO_SAY}')
    wrong = bears(target(), lambda _: None)
    assert wrong == "nothing can be said of its load: load: https://x does not answer: ConnectError"
    program("exit 137")
    assert bears(target(), lambda _: None) == "nothing can be said of its load: it ended with 137"


def test_a_load_that_does_not_end_is_no_good_sign(program: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearing, "WITHIN_S", 0.1)
    program("exec sleep 5")
    assert bears(target(), lambda _: None) == "the load did not end within 0 s"


def test_without_locust_a_release_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearing, "PYTHON", tmp_path / "none")
    with pytest.raises(UserError, match=r"make \.venv-load/ready"):
        ready()


def test_both_know_one_scenario_one_code_and_roles_that_may_ask() -> None:
    scenario = read(bearing.SCENARIO)
    assert bearing.BROKEN == BROKEN
    assert HELD == 0
    assert set(kinds(scenario, {role: ["ion_smoke"] for role in bearing.ROLES})) == set(scenario.mix)
    assert scenario.seconds + 300 < bearing.WITHIN_S
    a_minute = 60 * scenario.stages[0][1] / (sum(scenario.think_s) / 2)
    assert a_minute + scenario.warming < 80, "one key may ask a hundred times a minute"
    assert os.path.basename(bearing.PYTHON.parent.parent) == ".venv-load"
