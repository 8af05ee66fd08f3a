"""Lines for people say what matters, in one short line that no value can break."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping

import pytest

from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import APIRequestEvent, PersonaProcessEvent, ProductEvent
from ion_mentoring.telemetry.readable import MOST_CHARACTERS, Readable

ANSWERED = PersonaProcessEvent(
    "lua", "calm-medium-learning", 0.8, 1.54, True, True, None, "L1", "playbook", (), "key:acme", 0, 0, 0
)
ASK = """
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.wiring import basics
basics.log("router", Deployment.read({environ!r})).info("model_loaded", model="x")
"""


def written(event: ProductEvent, *, coloured: bool = False) -> str:
    lines: list[str] = []
    EventLog("router", lines.append, form=Readable(coloured=coloured), level="DEBUG").tell(event)
    return lines[0]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (ANSWERED, "router   lua answered calm-medium-learning from L1 in 1.5 ms caller=key:acme\n"),
        (
            ANSWERED._replace(success=False, error="PERSONA_UNAVAILABLE"),
            "router   lua could not answer calm-medium-learning: PERSONA_UNAVAILABLE\n",
        ),
        (ANSWERED._replace(degraded=("model", "cache")), "degraded=model,cache caller=key:acme\n"),
        (APIRequestEvent("GET", "/x", 200, 2.0, True), "router   GET /x 200 in 2.0 ms\n"),
        (
            APIRequestEvent("", "", 404, 2.0, False, "NOT_FOUND", "unknown path"),
            " ? 404 in 2.0 ms error=NOT_FOUND reason=unknown path\n",
        ),
    ],
)
def test_a_line_says_what_matters(event: ProductEvent, said: str) -> None:
    assert written(event).endswith(said)
    assert "\033" not in written(event)


def test_colours_tell_how_severe_it_is() -> None:
    assert written(ANSWERED, coloured=True).startswith("\033[32m")
    assert written(APIRequestEvent("GET", "/x", 500, 1, False, "INTERNAL_ERROR"), coloured=True).startswith("\033[31;1m")


def test_a_value_cannot_break_the_line_or_speak_to_the_terminal() -> None:
    line = written(APIRequestEvent("GET", "/x", 422, 1, False, "VALIDATION_ERROR", "a\n\033[2Jb" * 100, "f"))
    assert line.count("\n") == 1
    assert "\033" not in line
    assert len(line) == MOST_CHARACTERS + 1


def said_in_a_terminal(environ: Mapping[str, str]) -> bytes:
    ours, theirs = pty.openpty()
    program = ASK.format(environ=dict(environ))
    subprocess.run([sys.executable, "-c", program], stdout=theirs, env={**os.environ, **environ}, check=True)
    os.close(theirs)
    said = os.read(ours, 4096)
    os.close(ours)
    return said


def test_in_a_terminal_lines_are_for_people_and_in_a_pipe_for_programs() -> None:
    assert said_in_a_terminal({}).startswith(b"\033[32m")
    assert b"\033" not in said_in_a_terminal({"NO_COLOR": "1"})
    assert said_in_a_terminal({"LOG_FORMAT": "json"}).startswith(b"{")
    piped = subprocess.run([sys.executable, "-c", ASK.format(environ={})], capture_output=True, check=True)
    assert piped.stdout.startswith(b"{")
