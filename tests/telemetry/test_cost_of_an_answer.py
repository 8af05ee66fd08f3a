"""A cached answer pays for being told of in instructions of the interpreter, which no busy machine changes.

On the machine that these bounds come from a hundred of them take a microsecond and less (`python -m bench.hot_path`).
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from ion_mentoring.sealing.pseudonyms import Pseudonyms
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.private import private_event
from ion_mentoring.telemetry.product import PersonaProcessEvent
from ion_mentoring.telemetry.recent import Recent
from ion_mentoring.telemetry.reporting import Destination, SentryReports
from tests.fakes import Clock

KNOWN = PersonaProcessEvent("lua", "calm-short-learning", 0.8, 1.5, True, True, None, "L1", "playbook", (), "key:a", 0, 0, 0)
SENTRY = 150  # 2 microseconds are the promise
RECENT = 100


def instructions(work: Callable[[], object]) -> int:
    """The bytecode instructions that a call takes, those of what it calls included."""
    counted = 0

    def each(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal counted
        frame.f_trace_opcodes = True
        counted += event == "opcode"
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


@pytest.fixture
def sentry() -> SentryReports:
    destination = Destination("http://key@127.0.0.1:1/1", "test", "seoul", "1")
    return SentryReports(destination, "router", now=Clock(), chance=lambda: 0.5)


def test_what_counts_instructions_sees_what_is_called() -> None:
    def twice() -> None:
        once()
        once()

    def once() -> None:
        return None

    assert instructions(twice) > 2 * instructions(once)


def test_a_known_answer_is_counted_for_sentry_within_its_bound(sentry: SentryReports) -> None:
    sentry(KNOWN)  # the first of a series makes it
    assert instructions(lambda: sentry(KNOWN)) <= SENTRY


def test_and_for_the_last_hour_within_its_own() -> None:
    recent = Recent(Clock())
    recent(KNOWN)
    assert instructions(lambda: recent(KNOWN)) <= RECENT


def test_telling_nobody_of_an_answer_costs_next_to_nothing() -> None:
    log = EventLog("router", len, level="WARNING")
    assert instructions(lambda: log.tell(KNOWN)) <= 30


@pytest.mark.parametrize(("caller", "most"), [("key:a", 60), ("sub:kim", 100)])
def test_hiding_whose_answer_it_was_costs_as_little(caller: str, most: int) -> None:
    name, event = Pseudonyms(b"s" * 32, Clock()), KNOWN._replace(caller=caller)
    name(caller)  # the first of a day hashes it
    assert instructions(lambda: private_event(event, name)) <= most
