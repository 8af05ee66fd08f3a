"""An event of the product is told once, and every outlet hears it, whatever the log writes."""

import json

import pytest

from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import (
    APIRequestEvent,
    DangerEvent,
    PersonaProcessEvent,
    ProductEvent,
    Severity,
    answer_path,
)

ANSWERED = PersonaProcessEvent(
    "lua", "calm-medium-learning", 0.8, 1.5, True, True, None, "L1", "playbook", (), "key:acme", 0, 0, 0
)


def told(event: ProductEvent, level: Severity) -> tuple[list[str], list[ProductEvent]]:
    lines: list[str] = []
    heard: list[ProductEvent] = []
    EventLog("router", lines.append, level=level, outlets=(heard.append,)).tell(event)
    return lines, heard


def test_a_line_has_the_events_name_and_its_fields() -> None:
    (line,), heard = told(ANSWERED, "INFO")
    assert (
        json.loads(line).items()
        >= {"message": "PersonaProcessEvent", "persona": "lua", "cache_hit": True, "error": None}.items()
    )
    assert heard == [ANSWERED]


@pytest.mark.parametrize(("level", "written"), [("DEBUG", 1), ("INFO", 1), ("WARNING", 0), ("ERROR", 0)])
def test_what_is_below_the_level_is_not_written_and_heard_all_the_same(level: Severity, written: int) -> None:
    lines, heard = told(ANSWERED, level)
    assert (len(lines), heard) == (written, [ANSWERED])


def test_a_level_holds_for_every_line() -> None:
    lines: list[str] = []
    log = EventLog("router", lines.append, level="ERROR")
    log.info("model_loaded")
    log.warning("model_replaced")
    log.error("unexpected_error")
    assert [json.loads(line)["message"] for line in lines] == ["unexpected_error"]


@pytest.mark.parametrize(
    ("status", "error", "severity"),
    [(200, None, "DEBUG"), (404, "NOT_FOUND", "INFO"), (503, "OVERLOADED", "WARNING"), (503, "STORE_UNAVAILABLE", "ERROR")],
)
def test_a_request_is_as_severe_as_it_is_our_fault(status: int, error: str | None, severity: str) -> None:
    assert APIRequestEvent("GET", "/", status, 1.0, error is None, error).severity == severity


def test_an_answer_went_one_of_three_ways() -> None:
    models = {"playbook": "embedded", "safety": "embedded", "gemini:gemini-2.5-flash": "model"}
    assert {model: answer_path(None, model) for model in models} == models
    assert answer_path("L2", "gemini:gemini-2.5-flash") == "cached"


def test_an_event_of_danger_does_not_say_who_asked() -> None:
    assert set(DangerEvent._fields) == {"kind", "language"}
