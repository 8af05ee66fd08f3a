"""Locust itself, for ten seconds: yes to a set that is well, no to one that is not, and nothing to say where nobody is."""

import json
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ion_mentoring.local.parts import free_port
from loadtests.gate import BROKEN, HELD, NOTHING_TO_SAY
from loadtests.records import read_record
from tests.loadtests.faulty_door import Answered, Door

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-load/bin/python"

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(not PYTHON.exists(), reason="NO LOCUST HERE: make .venv-load/ready, else no real load is tried"),
]


def make(*more: str) -> "subprocess.CompletedProcess[str]":
    """`make load` as people call it, who are in no other make."""
    command = ["make", "--old-file=.venv-load/ready", "load", *more]
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False, timeout=120)


def load(out: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    command = [str(PYTHON), "-m", "loadtests", "brief", "--out", str(out), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_a_set_of_this_checkout_passes_and_is_reported(tmp_path: Path) -> None:
    done = load(tmp_path)
    assert done.returncode == HELD, done.stdout + done.stderr
    assert " users " in done.stdout
    record = read_record(tmp_path / "brief.json")
    assert record.whole.good == record.whole.count > 50
    assert record.server_cpu_s
    assert "The gate says yes" in (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "|  | **Aggregated** |" in (tmp_path / "brief.md").read_text(encoding="utf-8")


def test_a_set_that_is_not_well_does_not_pass(opened: Door, tmp_path: Path) -> None:
    opened.fault = lambda answered: replace(answered, status=500) if answered.answers else answered
    done = load(tmp_path, "--url", opened.url)
    assert done.returncode == BROKEN, done.stdout + done.stderr
    assert "BROKEN  process stream: " in done.stdout
    errors = json.loads((tmp_path / "brief.json").read_text(encoding="utf-8"))["whole"]["errors"]
    assert "status 500 in place of 200" in errors


def test_nobody_there_is_nothing_to_say(tmp_path: Path) -> None:
    done = load(tmp_path, "--url", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == NOTHING_TO_SAY
    assert "does not answer: ConnectError" in done.stderr
    assert done.stdout == "Nothing can be said. (exit code 2)\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("scenario", "said"), [("nonesuch", "there is no scenario 'nonesuch'"), ("brief", "does not answer: ConnectError")]
)
def test_make_ends_with_2_where_nothing_can_be_said(scenario: str, said: str) -> None:
    done = make(f"scenario={scenario}", f"url=http://127.0.0.1:{free_port()}")
    assert done.returncode == NOTHING_TO_SAY
    assert said in done.stderr
    assert done.stdout.endswith("Nothing can be said. (exit code 2)\n")


def test_makes_last_line_tells_a_broken_promise_from_nothing_to_say(opened: Door) -> None:
    opened.fault = lambda answered: replace(answered, status=500) if answered.answers else answered
    done = make("scenario=brief", f"url={opened.url}", "seconds=6")
    assert done.returncode != HELD
    assert done.stdout.endswith("The gate says no. (exit code 1)\n")


def test_a_slowed_set_is_told_no_with_the_name_of_what_is_slow(opened: Door, tmp_path: Path) -> None:
    def slowed(answered: Answered) -> Answered:
        if answered.streams:
            time.sleep(2.1)
        return answered

    opened.fault = slowed
    done = load(tmp_path, "--url", opened.url)
    assert done.returncode == BROKEN, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if line.startswith("BROKEN")]
    assert any(line.startswith("BROKEN  process stream: P95 was ") for line in broken), broken
    assert not any(line.startswith("BROKEN  process: ") for line in broken), broken


def test_many_users_on_one_core_are_measured_with_what_they_cost(tmp_path: Path) -> None:
    command = [str(PYTHON), "-m", "loadtests.thousand", "--users", "40", "60", "--seconds", "10", "--each", "10"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode in (HELD, BROKEN), done.stdout + done.stderr
    said = done.stdout
    assert "40 users for 10 s: the set on core " in said
    rows = [line.split() for line in said.splitlines() if line.split()[:1] in (["40"], ["60"])]
    assert [len(row) for row in rows if row[1] != "users"] == [13, 13]
    for wanted in ("Where the time of the first run went:", "session ", "What it holds:", "a connection ", "a session "):
        assert wanted in said
    assert read_record(tmp_path / "thousand-40.json").load_cpu_s
    assert (tmp_path / "thousand-60.html").exists()
