"""`make load scenario=NAME [url=URL]`: the load, the gate and the report of one scenario.

It ends with 0 if every promise held, 1 if one broke, 2 where nothing can be said. make turns 1 and 2 into its own 2, so the
last line says which it was; a script that wants the code runs `.venv-load/bin/python -m loadtests NAME`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from loadtests.baseline import keep
from loadtests.gate import HELD, NOTHING_TO_SAY, VERDICTS, told
from loadtests.records import Record
from loadtests.report import page
from loadtests.running import ROOT, load
from loadtests.scenario import Scenario, read
from loadtests.summarize_locust_csv import main as summarize
from loadtests.target import target
from loadtests.trouble import NothingToSay
from loadtests.visitor import kinds

BASELINES: Final = ROOT / "loadtests" / "baselines"


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
        code = run(read(asked.scenario).shortened(asked.seconds), asked.url or None, asked.out, kept=asked.keep)
    except NothingToSay as error:
        print(f"load: {error}", file=sys.stderr)
        code = NOTHING_TO_SAY
    except KeyboardInterrupt:
        print("load: broken off", file=sys.stderr)
        code = NOTHING_TO_SAY
    print(f"{VERDICTS[code]} (exit code {code})", flush=True)
    return code


def run(scenario: Scenario, url: str | None, out: Path, *, kept: bool) -> int:
    """Load, judge and report."""
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{scenario.name}.json").unlink(missing_ok=True)
    with target(url) as set_:
        kinds(scenario, set_.keys)
        print(f"{scenario.name}: {scenario.about} {scenario.seconds:.0f} s against {set_.url}", flush=True)
        record = load(scenario, set_, out / f"{scenario.name}.json")
    baseline = BASELINES / f"{scenario.name}.json"
    code, lines = told(scenario, record, baseline if baseline.exists() else None)
    report = out / f"{scenario.name}.html"
    report.write_text(page(scenario, record, lines), encoding="utf-8")
    stats = str(out / f"{scenario.name}_stats.csv")
    summarize([stats, "--with-overall", "--with-success-rate", "--ascii-status", "--out", str(out / f"{scenario.name}.md")])
    print("\n".join([*lines, f"Report: {report}"]))
    _kept(baseline, record, code, wanted=kept)
    return code


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
