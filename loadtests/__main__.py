"""`make load scenario=NAME [url=URL]`: the load, the gate and the report of one scenario.

It ends with 0 if every promise held, 1 if one broke, 2 where nothing can be said.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from loadtests.baseline import keep
from loadtests.gate import HELD, NOTHING_TO_SAY, told
from loadtests.records import Record, read_record
from loadtests.report import page
from loadtests.scenario import Scenario, read
from loadtests.summarize_locust_csv import main as summarize
from loadtests.target import Target, target
from loadtests.trouble import NothingToSay
from loadtests.visitor import kinds

ROOT: Final = Path(__file__).resolve().parent.parent
BASELINES: Final = ROOT / "loadtests" / "baselines"
SPARE_S: Final = 120


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one scenario, and say how it went."""
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--url", help="the set to ask (default: one of this checkout, started for it)")
    parser.add_argument("--seconds", type=_positive, help="end after so many (default: as long as the scenario says)")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "load", help="where record, table and report go")
    parser.add_argument("--keep", action="store_true", help="add this run to the baseline, if every promise held")
    asked = parser.parse_args(arguments)
    try:
        return run(read(asked.scenario).shortened(asked.seconds), asked.url or None, asked.out, kept=asked.keep)
    except NothingToSay as error:
        print(f"load: {error}", file=sys.stderr)
        return NOTHING_TO_SAY
    except KeyboardInterrupt:
        print("load: broken off, so nothing can be said", file=sys.stderr)
        return NOTHING_TO_SAY


def run(scenario: Scenario, url: str | None, out: Path, *, kept: bool) -> int:
    """Load, judge and report."""
    out.mkdir(parents=True, exist_ok=True)
    record = out / f"{scenario.name}.json"
    record.unlink(missing_ok=True)
    with target(url) as set_:
        kinds(scenario, set_.keys)
        print(f"{scenario.name}: {scenario.about} {scenario.seconds:.0f} s against {set_.url}", flush=True)
        _load(scenario, set_, record)
    read_back = read_record(record)
    baseline = BASELINES / f"{scenario.name}.json"
    code, lines = told(scenario, read_back, baseline if baseline.exists() else None)
    report = out / f"{scenario.name}.html"
    report.write_text(page(scenario, read_back, lines), encoding="utf-8")
    stats = str(out / f"{scenario.name}_stats.csv")
    summarize([stats, "--with-overall", "--with-success-rate", "--ascii-status", "--out", str(out / f"{scenario.name}.md")])
    print("\n".join([*lines, f"Report: {report}", "The gate says no." if code else "The gate says yes: every promise held."]))
    _kept(baseline, read_back, code, wanted=kept)
    return code


def _load(scenario: Scenario, set_: Target, record: Path) -> None:
    """Run Locust; NothingToSay if it did not come to its end."""
    environ = os.environ | {"LOAD_SCENARIO": scenario.name, "LOAD_KEYS": json.dumps(set_.keys), "LOAD_RECORD": str(record)}
    environ |= {"LOAD_SECONDS": str(scenario.seconds)}
    environ |= {"LOAD_PID": str(set_.pid)} if set_.pid else {}
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


def _positive(text: str) -> float:
    seconds = float(text)
    if not seconds > 0:
        raise argparse.ArgumentTypeError("more than no seconds")
    return seconds


def _kept(baseline: Path, record: Record, code: int, *, wanted: bool) -> None:
    if wanted and code == HELD:
        keep(baseline, record)
        print(f"Kept in {baseline.relative_to(ROOT)}.")


if __name__ == "__main__":
    sys.exit(main())
