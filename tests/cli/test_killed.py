"""A batch that is followed while its set is killed and comes back: every question is answered, none twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.local.parts import free_port
from ion_mentoring.resources import ROOT
from tests.cli.conftest import PROGRAM, Ion

ITEMS = 600


def started(port: int, store: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "ion_mentoring.local.serve", "--root", ROOT.parent]
    settings = {"PORT": str(port), "STORE": f"sqlite:///{store}"}
    process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    for _ in range(300):
        try:
            httpx2.get(f"http://localhost:{port}/health")
            return process
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the set does not start")


@pytest.mark.proof
def test_a_batch_is_followed_over_the_death_of_its_set(tmp_path: Path) -> None:
    port, store = free_port(), tmp_path / "ion.sqlite3"
    questions, answers = tmp_path / "questions.ndjson", tmp_path / "answers.ndjson"
    lines = (json.dumps({"item_id": str(place), "user_input": f"How do I plan my week? {place}"}) for place in range(ITEMS))
    questions.write_text("\n".join(lines), encoding="utf-8")
    process = started(port, store)
    ion = Ion(f"http://localhost:{port}", tmp_path)
    submit = [PROGRAM, "batch", "submit", questions, "--output", answers]
    following = subprocess.Popen(submit, env=ion.environment())
    try:
        for _ in range(3):
            time.sleep(2)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(1)
            process = started(port, store)
        assert following.wait(240) == 0
    finally:
        following.kill()
        process.terminate()
        process.wait(60)
    found = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [one["item_id"] for one in found] == [str(place) for place in range(ITEMS)]
    assert {one["state"] for one in found} == {"answered"}
