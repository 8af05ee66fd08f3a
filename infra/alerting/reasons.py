"""Counts the reasons in a log: how often which message of which function gave which, by ten seconds.

`make reasons log=FILE`. What began last and stays is the cause of what is wrong now. That something was left alone is no
reason, and is not counted.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.alerting.evaluator import read_log
from infra.alerting.rules import Event

EVERY_S: Final = 10
LEFT_ALONE: Final = "left alone"


class Reason(NamedTuple):
    """A reason as one function gave it with one message; `at` is the beginning of its ten seconds, in Unix seconds."""

    at: int
    message: str
    function: str
    reason: str


def counted(events: Iterable[tuple[float, Event]]) -> list[tuple[Reason, int]]:
    """The reasons of events, each with its number, the oldest first; the time of an event is in Unix seconds."""
    found = Counter(
        Reason(int(at) // EVERY_S * EVERY_S, str(event.get("message")), str(event.get("function")), str(event["reason"]))
        for at, event in events
        if event.get("reason") and LEFT_ALONE not in str(event["reason"])
    )
    return sorted(found.items())


def main(arguments: list[str] | None = None) -> int:
    """0 once the counts are printed: the time in UTC, the number, the message, the function, the reason."""
    parser = argparse.ArgumentParser(prog="make reasons", description="Count the reasons in a log by time.")
    parser.add_argument("log", type=Path, help="a log of JSON lines, as functions write it or Cloud Logging exports it")
    print("time (UTC)  count  message  function  reason, of ten seconds each")
    with parser.parse_args(arguments).log.open(encoding="utf-8") as lines:
        for one, number in counted(read_log(lines)):
            print(f"{datetime.fromtimestamp(one.at, UTC):%H:%M:%S}    {number:5}  {one.message}  {one.function}  {one.reason}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
