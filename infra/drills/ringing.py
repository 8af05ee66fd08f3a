"""The alerts of a log around a moment: which rang before it, and which after."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from infra.alerting.evaluator import Evaluator, Notice, read_log
from infra.alerting.rules import rules


class Ringing(NamedTuple):
    """The notices of alerts that began to ring, each list in the order of their times."""

    before: list[Notice]
    after: list[Notice]


def ringing(log: Path, moment: datetime) -> Ringing:
    """The alerts of a log of JSON lines by whether they began before `moment` or after it."""
    with log.open(encoding="utf-8") as lines:
        began = [notice for notice in Evaluator(rules()).run(read_log(lines)) if notice.action == "trigger"]
    before = [notice for notice in began if notice.at < moment.timestamp()]
    return Ringing(before, began[len(before) :])


def told(rang: Ringing) -> Iterator[str]:
    """Two lines for people: the alerts before the moment, and those after it, with their times in UTC."""
    yield f"Alerts that rang before it: {_listed(rang.before)}"
    yield f"Alerts that rang after it:  {_listed(rang.after)}"


def _listed(notices: list[Notice]) -> str:
    return ", ".join(f"{notice.key} {datetime.fromtimestamp(notice.at, UTC):%H:%M:%S}" for notice in notices) or "none"
