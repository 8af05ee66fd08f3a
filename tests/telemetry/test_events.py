"""An event is one JSON line in the form that Cloud Logging reads."""

import json

import pytest

from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import REQUEST_ID, EventLog


def test_each_severity_has_its_name() -> None:
    trace.CURRENT.set(None)
    REQUEST_ID.set("r-9")
    written: list[str] = []
    log = EventLog("router", written.append)
    log.info("answered", persona="lua", ms=1.5)
    log.warning("replaced")
    log.error("broken")
    lines = [json.loads(line) for line in written]
    assert [line["severity"] for line in lines] == ["INFO", "WARNING", "ERROR"]
    assert lines[0] | {"time": ""} == {
        "severity": "INFO",
        "message": "answered",
        "time": "",
        "function": "router",
        "request_id": "r-9",
        "persona": "lua",
        "ms": 1.5,
    }


def test_half_a_character_is_written_as_what_it_is() -> None:
    written: list[str] = []
    EventLog("router", written.append).info("refused", field="a\ud83d")
    assert json.loads(written[0])["field"] == "a\ud83d"
    assert written[0].isascii()


@pytest.mark.parametrize("failure", [OSError, ValueError, RuntimeError])
def test_a_sink_that_fails_loses_its_line_and_stops_nobody(failure: type[Exception]) -> None:
    def sink(line: str) -> None:
        raise failure("the reader is gone")

    log = EventLog("router", sink)
    log.info("answered")
    log.error("broken")
    assert log.lost == 2


def test_a_trace_without_a_project_is_named_by_its_id_alone() -> None:
    lines: list[str] = []
    trace.CURRENT.set(trace.continued(None))
    EventLog("router", write=lines.append).info("x")
    assert "trace_id" in json.loads(lines[0])
    assert "logging.googleapis.com/trace" not in json.loads(lines[0])
