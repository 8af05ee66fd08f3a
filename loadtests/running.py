"""Locust on a scenario, as a program of its own, and the record that it leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from loadtests.records import Record, read_record
from loadtests.scenario import Scenario
from loadtests.target import Target
from loadtests.trouble import NothingToSay

ROOT: Final = Path(__file__).resolve().parent.parent
SPARE_S: Final = 120


def load(scenario: Scenario, set_: Target, record: Path) -> Record:
    """Run Locust, and read its record back; NothingToSay if it did not come to its end."""
    record.unlink(missing_ok=True)
    environ = os.environ | {"LOAD_SCENARIO": scenario.model_dump_json(), "LOAD_KEYS": json.dumps(set_.keys)}
    environ |= {"LOAD_RECORD": str(record)} | ({"LOAD_PID": str(set_.pid)} if set_.pid else {})
    command = [sys.executable, "-m", "locust", "--headless", "--only-summary", "--loglevel", "WARNING"]
    command += ["--host", set_.url, "-f", str(ROOT / "loadtests/locustfile.py"), "--csv", str(record.with_suffix(""))]
    log = record.with_suffix(".log")
    try:
        with log.open("w", encoding="utf-8") as heard:
            limit = scenario.seconds + SPARE_S
            done = subprocess.run(command, cwd=ROOT, env=environ, stderr=heard, check=False, timeout=limit)
    except subprocess.TimeoutExpired as error:
        raise NothingToSay(f"Locust did not come to its end; what it said is in {log}") from error
    if done.returncode or not record.exists():
        raise NothingToSay(f"Locust ended with {done.returncode} before the record was whole; what it said is in {log}")
    data = json.loads(record.read_text(encoding="utf-8")) | {"place": set_.place}
    record.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return read_record(record)
