"""Plays incidents to the rules, and says which rang after how many seconds; or evaluates a log (`--log FILE`).

`make alerts-test`. Notices go to stand-ins for Slack and PagerDuty on this machine, or, with `--log`, where SLACK_URL and
PAGERDUTY_KEY say, if they do.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.alerting.evaluator import Evaluator, Notice, read_log
from infra.alerting.incidents import Incident
from infra.alerting.library import INCIDENTS, QUIET_DAY
from infra.alerting.notices import Delivery
from infra.alerting.receivers import Received, receiving
from infra.alerting.rules import rules

PAGERDUTY_URL: Final = "https://events.pagerduty.com/v2/enqueue"


@dataclass(frozen=True, slots=True)
class Rang:
    """One rule that rang in an incident: seconds until then, seconds until it was over (None if it never was), and where."""

    rule: str
    after_s: float
    over_s: float | None
    told: str


def rang(incident: Incident, delivery: Delivery) -> tuple[Rang, ...]:
    """The rules that rang in an incident; each notice is delivered."""
    began: dict[str, Notice] = {}
    over: dict[str, Notice] = {}
    for notice in Evaluator(rules()).run(incident.log()):
        delivery.send(notice)
        (began if notice.action == "trigger" else over).setdefault(notice.key, notice)
    return tuple(
        Rang(key, notice.at - incident.begins, over[key].at - incident.begins if key in over else None, notice.rule.tell)
        for key, notice in began.items()
    )


def delivery_to(received: Received) -> Delivery:
    """A delivery to the stand-ins."""
    return Delivery(received.slack_url, received.pagerduty_url, "rehearsal")


def rehearsed(incidents: tuple[Incident, ...]) -> Iterator[tuple[Incident, tuple[Rang, ...]]]:
    """The incidents with what rang, one after the other."""
    with receiving() as received:
        delivery = delivery_to(received)
        for incident in incidents:
            yield incident, rang(incident, delivery)
        delivery.close()


def main() -> int:
    """0 where each incident rang what it should and nothing else; 1 otherwise."""
    parser = argparse.ArgumentParser(prog="infra.alerting.rehearse", description="Play incidents to the rules of alerts.")
    parser.add_argument("--log", type=Path, help="a log of JSON lines to evaluate in place of the incidents")
    asked = parser.parse_args()
    if asked.log:
        return _evaluated(asked.log)
    missed = 0
    print("| incident | rings | after | over after | told |\n| --- | --- | --- | --- | --- |")
    for incident, found in rehearsed((*INCIDENTS, QUIET_DAY)):
        missed += {one.rule.partition(":")[0] for one in found} != set(incident.rings)
        for one in found or (None,):
            print(f"| {incident.name} | {_row(one)} |", flush=True)
    return 1 if missed else 0


def _row(one: Rang | None) -> str:
    if one is None:
        return "nothing | | |"
    over = "never" if one.over_s is None else f"{one.over_s:,.0f} s"
    return f"{one.rule} | {one.after_s:,.0f} s | {over} | {one.told}"


def _evaluated(log: Path) -> int:
    slack, key = os.environ.get("SLACK_URL"), os.environ.get("PAGERDUTY_KEY")
    delivery = Delivery(slack, PAGERDUTY_URL, key) if slack and key else None
    told = 0
    with log.open(encoding="utf-8") as lines:
        for notice in Evaluator(rules()).run(read_log(lines)):
            told += 1
            at = datetime.fromtimestamp(notice.at, UTC).isoformat(" ", "seconds")
            print(f"{at} {notice.action} {notice.key} {notice.figure:.4g} -> {notice.rule.tell}, {notice.rule.runbook_path}")
            if delivery:
                delivery.send(notice)
    if not told:
        print("No alert rings over this log.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
