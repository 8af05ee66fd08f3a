"""A trial names its fault once somebody has named one, and not before; what it says to look at is there."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.drills import trial

ROOT = Path(__file__).resolve().parents[2]
FAULT = "model-refusing"
SHORT = ("--quiet", "1", "--patience", "3", "--calm", "2")


def test_a_fault_that_is_none_cannot_be_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert trial.main(["--only", "nothing"]) == 1
    assert "nothing" in capsys.readouterr().err


@pytest.mark.proof
def test_an_operator_can_find_what_broke_and_is_told_afterwards(tmp_path: Path) -> None:
    command = [sys.executable, "infra/drills/trial.py", "--only", FAULT, *SHORT, "--folder", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = ""
        while not re.search("has been quiet|The trial goes on", said):
            line = process.stdout.readline()
            assert line, said
            said += line
        url = re.search(r"ION_URL=(\S+)", said)
        assert url is not None
        rings: list[str] = []
        until = time.monotonic() + 90
        while not {"degraded", "errors"} & {*rings} and time.monotonic() < until:
            looked = subprocess.run([Path(sys.prefix) / "bin/ion", "status", "--json", "--url", url[1]], capture_output=True)
            rings = [alert["name"] for alert in json.loads(looked.stdout)["alerts"]]
            time.sleep(1)
        assert {"degraded", "errors"} & {*rings}, "what was replaced, or on a machine that starves the set, what came too late"
        assert FAULT not in said
        told, _ = process.communicate("the model\nmodel refusing\n", timeout=60)
    finally:
        process.terminate()  # and not killed: it stops what it started
        process.wait(60)
        process.stdin.close()
        process.stdout.close()
    assert process.returncode == 0
    assert "That is none of these." in told
    assert re.search(r"It was model-refusing, at [\d:]+\. You said model refusing after \d+ seconds: right\.", told)
    assert "Alerts that rang before it: " in told
    assert "Alerts that rang after it: " in told
    (log,) = tmp_path.glob("*.log")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert any("401" in str(line.get("reason")) for line in lines)
    (spans,) = tmp_path.glob("*.spans.jsonl")
    assert spans.stat().st_size > 0
