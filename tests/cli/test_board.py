"""The live board: what stands where, in both languages, and what is missing where a set does not say it."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rich.console import Console

from ion_cli.board import brief, drawn
from ion_cli.texts import language
from tests.cli.conftest import Ion, Ran

BREAKERS = {"lua": {"place": "remote", "breaker": "open"}, "elro": {"place": "here"}}
HEALTH = {
    "status": "degraded",
    "dependencies": {"cache": "down", "store": "ok", "personas": BREAKERS, "models": {"m": "closed"}},
}
ANSWERS = {"answers": 30, "p50_ms": 20, "p95_ms": 500}
NONE = {"answers": 0, "p50_ms": None, "p95_ms": None}
SPENT = {"answers": 30, "input_tokens": 100, "output_tokens": 200, "nano_usd": 12_300_000}
TRAFFIC = {
    **{"window_s": 300.0, **ANSWERS, "errors": 2, "degraded": 7, "danger": 1, "by_slot": [0, 1, 2, 8]},
    **{
        "replaced": {"model": 6, "persona": 1},
        "replaced_lately": {"model": 2},
        "refused": {"RATE_LIMITED": 3, "UNAUTHENTICATED": 1},
    },
    **{"by_path": {"cached": ANSWERS, "model": NONE}, "by_persona": {"elro": ANSWERS}},
    "by_model": {"m": SPENT, "playbook": SPENT},
}
ALERT = {
    **{"name": "degraded", "title": {"ko": "대체", "en": "replaced"}, "severity": "WARNING"},
    **{"figure": 0.23, "limit": 0.05, "runbook": "degraded"},
}
BATCHES = {"open": 1, "running": 1, "items": 9, "answered": 4, "failed": 1, "pending": 4, "oldest_s": 600.0}
FAILING = {
    "parts": {"cache": {"reason": "L2: ConnectionError", "for_s": 45.2}, "store": {"reason": "too late", "for_s": 1.0}},
    "personas": {"lua": {"reason": "persona function: 500", "for_s": 130.0}},
    "models": {},
}
COST = {"month": "2026-11", "total": SPENT, "by_model": {"m": SPENT}}
SEEN: dict[str, Any] = {
    **{"url": "http://here", "version": "3.0.0", "region": "seoul", "model": "m", "uptime_s": 200_000, **HEALTH},
    **{
        "cache": {"hit_rate": 0.62},
        "traffic": TRAFFIC,
        "alerts": [ALERT],
        "failing": FAILING,
        "batches": BATCHES,
        "cost": COST,
    },
}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    language.cache_clear()
    yield
    language.cache_clear()


def board(found: dict[str, Any], *, width: int = 120) -> list[str]:
    """The lines of the board."""
    console = Console(file=io.StringIO(), width=width)
    console.print(drawn(found))
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined,no-any-return]


def line(lines: list[str], begins: str) -> list[str]:
    """The words of the first line that begins so."""
    return next(one for one in lines if one.startswith(begins)).split()


def test_the_state_and_the_alerts_stand_at_the_top() -> None:
    lines = board(SEEN)
    assert lines[0].split() == ["degraded", "http://here", "3.0.0", "seoul", "m", "up", "2", "d"]
    assert lines[2].strip() == "Alerts"
    assert lines[3].split() == ["degraded", "replaced", "0.23", "/", "0.05", "docs/runbooks/degraded.md"]


def test_the_page_of_an_alert_can_be_copied_from_a_narrow_terminal() -> None:
    title = {"en": "More than 5 % of the answers that no cache had went without something"}
    lines = board({**SEEN, "alerts": [{**ALERT, "name": "errors", "title": title, "runbook": "error-rate"}]}, width=80)
    assert any("docs/runbooks/error-rate.md" in one for one in lines)
    assert all(len(one) <= 80 for one in lines)


def test_traffic_personas_models_cost_and_batches_are_shown() -> None:
    lines = board(SEEN)
    assert line(lines, "0.10/s") == ["0.10/s", "▁▂█"]
    assert line(lines, "cached") == ["cached", "30", "≤", "20", "≤", "500"]
    assert not any(one.startswith("model ") for one in lines), "a way that nobody took"
    assert line(lines, "hit rate")[:5] == ["hit", "rate", "62%", "errors", "2"]
    assert any("refused 4 (RATE_LIMITED 3, UNAUTHENTICATED 1)" in one for one in lines)
    assert any("replaced 7 (model 6, persona 1), in the last minute 2 (model 2) · danger 1" in one for one in lines)
    assert " ".join(line(lines, "lua")) == "lua open - - - for 3 min: persona function: 500 (docs/runbooks/persona-silent.md)"
    assert line(lines, "elro") == ["elro", "here", "30", "≤", "20", "≤", "500"]
    assert line(lines, "playbook") == ["playbook", "-", "30", "300", "$0.0123"]
    assert "This month (2026-11)" in (one.strip() for one in lines)
    assert line(lines, "1 running")[:6] == ["1", "running", "·", "of", "9", "items"]
    assert " ".join(line(lines, "cache ")) == "cache down for 45 s: L2: ConnectionError (docs/runbooks/cache.md)"
    assert line(lines, "store ") == ["store", "ok"], "one call that failed does not make a part that is down"


def test_a_set_of_before_says_neither_since_when_nor_what_of_the_last_minute() -> None:
    traffic = {name: value for name, value in TRAFFIC.items() if name != "replaced_lately"}
    lines = board({**{name: value for name, value in SEEN.items() if name != "failing"}, "traffic": traffic})
    assert line(lines, "cache ") == ["cache", "down"]
    assert any("replaced 7 (model 6, persona 1) · danger 1" in one for one in lines)


def test_what_is_down_is_said_and_what_is_missing_is_left_out() -> None:
    lines = board({**SEEN, "alerts": [], "batches": {"state": "down"}, "cost": {"state": "down"}, "cache": {"hit_rate": None}})
    assert lines[3].strip() == "None is ringing."
    assert sum("store does not answer" in one for one in lines) == 2
    assert line(lines, "hit rate")[2] == "-"
    idle = board({**SEEN, "batches": {**BATCHES, "running": 0}})
    assert line(idle, "None is running.")


def test_who_is_no_operator_sees_health_and_why_there_is_no_more() -> None:
    lines = board({name: value for name, value in SEEN.items() if name not in ("traffic", "alerts", "batches", "cost")})
    assert "operator" in lines[-1]
    assert line(lines, "lua")[:2] == ["lua", "open"]


def test_a_set_that_is_gone_is_a_line_with_the_reason() -> None:
    assert board({"url": "http://here", "status": "unreachable", "code": "UNREACHABLE", "message": "nobody\x1b[2Jthere"}) == [
        "unreachable  http://here  nobody[2Jthere"
    ]


def test_figures_that_are_refused_leave_the_health_on_the_board_and_say_why() -> None:
    lines = board({"url": "http://here", **HEALTH, "code": "RATE_LIMITED", "message": "too many requests"})
    assert lines[0].split() == ["degraded", "http://here", "too", "many", "requests"]
    assert line(lines, "cache ") == ["cache", "down"]
    assert not any("operator" in one for one in lines), "a key is not what is missing"


def test_a_line_of_a_log_names_the_alerts() -> None:
    failing = "cache: L2: ConnectionError; store: too late; lua: persona function: 500"
    assert brief(SEEN) == ("0.10", "≤ 500", "degraded", failing)
    assert brief({**SEEN, "alerts": [], "failing": {}})[-2:] == ("-", "-")
    assert brief(HEALTH) == ()


def test_the_board_is_korean_where_the_locale_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    language.cache_clear()
    lines = board(SEEN)
    assert lines[0].startswith("일부 대체 중")
    assert lines[3].split()[1] == "대체"


def test_a_terminal_gets_the_board_of_a_real_set(ion: Ion, near: Callable[..., Ran]) -> None:
    near("ask", "How do I prepare for a job interview?")
    shown = ion.at_a_terminal("status", "--watch", typed=(("Shared parts", "\x03"),), COLUMNS="100", LINES="60")
    assert shown.code == 130
    assert "None is ringing." in shown.out


def test_one_look_at_a_terminal_is_the_board_too(ion: Ion, near: Callable[..., Ran]) -> None:
    near("ask", "How do I prepare for a job interview?")
    shown = ion.at_a_terminal("status", COLUMNS="100")
    assert shown.code == 0
    assert "None is ringing." in shown.out
    assert "traffic.by_slot" not in shown.out, "a hundred figures hide the alert among them"
    assert "traffic.by_slot\t" in near("status").out
