"""The rules of alerts.json that an instance can see alone, as the library ships them: thresholds are numbers there.

`python infra/tables/instance_alerts.py` says whether the file is up to date, `--write` makes it anew.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.alerting.rules import Rule, rules

FILE: Final = Path(__file__).resolve().parents[2] / "shared/ion_mentoring/mentoring/operating/alerts.json"
KEPT_S: Final = 3_600  # telemetry/recent.py
ELSEWHERE: Final = ("DeadLetterEvent",)  # the router does not hear of it


def shipped() -> str:
    """The file's text."""
    return json.dumps({rule.name: _shown(rule) for rule in rules() if _seen(rule)}, ensure_ascii=False, indent=2) + "\n"


def _seen(rule: Rule) -> bool:
    return rule.window_s <= KEPT_S and rule.each != "region" and rule.of.event not in ELSEWHERE


def _shown(rule: Rule) -> Mapping[str, Any]:
    return {
        "kind": rule.kind,
        "event": rule.of.event,
        "where": rule.of.where,
        "among": list(rule.among),
        "within": rule.within,
        "unit": rule.unit,
        "window_s": rule.window_s,
        "least": rule.least,
        "limit": rule.above if rule.above is not None else rule.below or 0,
        "over": rule.above is not None,
        "each": rule.each,
        "severity": rule.severity,
        "runbook": rule.runbook,
        "title": rule.titles,
    }


def main() -> int:
    """0, or 1 where the file is not what it should be."""
    parser = argparse.ArgumentParser(prog="infra/tables/instance_alerts.py")
    parser.add_argument("--write", action="store_true", help="make it anew")
    if parser.parse_args().write:
        FILE.write_text(shipped(), encoding="utf-8")
    return 0 if FILE.read_text(encoding="utf-8") == shipped() else 1


if __name__ == "__main__":
    raise SystemExit(main())
