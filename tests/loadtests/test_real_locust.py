"""Locust itself, for ten seconds: yes to a set that is well, no to one that is not, and nothing to say where nobody is."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ion_mentoring.local.parts import free_port
from loadtests.gate import BROKEN, HELD, NOTHING_TO_SAY
from loadtests.records import read_record
from tests.loadtests.faulty_door import Door

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-load/bin/python"

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(not PYTHON.exists(), reason="NO LOCUST HERE: make .venv-load/ready, else no real load is tried"),
]


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
    assert not list(tmp_path.iterdir())
