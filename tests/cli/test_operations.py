"""The commands of operators, against a real set; usage; and completion."""

import json
import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.cli.conftest import PROGRAM, Ion, Ran, hears_ctrl_c
from tests.cli.stand_in import StandIn, refused, said
from tests.local.conftest import LocalSet


def test_personas_are_rows_in_a_pipe_and_a_card_by_name(ion: Ion, near: Callable[..., Ran]) -> None:
    rows = [line.split("\t") for line in near("personas", LC_ALL="ko_KR.UTF-8").out.splitlines()]
    assert [row[:2] for row in rows] == [["lua", "루아"], ["elro", "엘로"], ["riri", "리리"], ["nana", "나나"]]
    assert near("personas", "--json", "Lua").json["id"] == "lua"
    card = ion.at_a_terminal("personas", "lua", NO_COLOR="1").out
    assert "🌙 Lua (lua)" in card
    assert near("personas", "a/../../status").code == 5


def test_status_tells_figures_and_is_watched_line_by_line(ion: Ion, near: Callable[..., Ran], local_set: LocalSet) -> None:
    found = near("status", "--json").json
    assert (found["status"], found["url"]) == ("healthy", ion.url)
    assert found["dependencies"]["store"] == "ok"
    assert "status\thealthy\n" in near("status").out
    watching = [PROGRAM, "status", "--watch", "--json", "--every", "0.2"]
    process = subprocess.Popen(watching, env=ion.environment(), stdout=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c)
    assert process.stdout is not None
    seen = [json.loads(process.stdout.readline())["status"] for _ in range(2)]
    process.send_signal(signal.SIGINT)
    assert (seen, process.wait(10)) == (["healthy", "healthy"], 130)
    process.stdout.close()


def test_a_set_that_cannot_be_reached_is_watched_on(ion: Ion) -> None:
    shown = ion.at_a_terminal("status", "--watch", "--url", "http://127.0.0.1:9", typed=(("unreachable", "\x03"),))
    assert shown.code == 130


def test_figures_that_are_refused_are_not_waited_for_and_are_no_set_that_is_gone(elsewhere: Ion, stand_in: StandIn) -> None:
    health = said({"status": "healthy", "version": "3", "dependencies": {"store": "ok"}})
    stand_in.says = [health, refused(429, "RATE_LIMITED", "too many", retry_after="30")] * 3
    watching = [PROGRAM, "status", "--watch", "--every", "0.2"]
    process = subprocess.Popen(watching, env=elsewhere.environment(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    heads, *lines = [process.stdout.readline().rstrip("\n").split("\t")[1:] for _ in range(3)]
    process.kill()
    process.wait(10)
    process.stdout.close()
    assert heads == ["status", "version", "hit_rate", "answers_s", "p95_ms", "alerts", "failing"]
    assert lines == [["healthy", "3", "", "RATE_LIMITED"]] * 2
    assert len(stand_in.asked) <= 6, "each time once"


def test_the_cache_is_seen_and_emptied_by_those_who_are_sure(ion: Ion, near: Callable[..., Ran], local_set: LocalSet) -> None:
    near("ask", "How do I prepare for a job interview?")
    assert near("cache", "stats", "--json").json["l1"]["entries"] >= 1
    dropped = near("cache", "invalidate", "lua:*", "--json").json
    assert (dropped["success"], dropped["pattern"]) == (True, "lua:*")
    unsure = near("cache", "clear")
    assert (unsure.code, "--yes" in unsure.err) == (2, True)
    refused = ion.at_a_terminal("cache", "clear", typed=(("[y/N]", "n\n"),))
    assert refused.code == 130
    assert near("cache", "clear", "--yes").out.startswith("*: dropped here")
    assert local_set.client.get("/api/v2/cache-stats").json()["l1"]["entries"] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--nope",), "--nope"),
        (("ask", "--nope", "x"), "--nope"),
        (("cache", "invalidate"), "PATTERN"),
        (("aks",), "ask"),
        (("status", "--every", "soon"), "--every"),
        (("ask", "--url", "nowhere", "x"), "https://"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(inside: Callable[..., Ran], arguments: tuple[str, ...], told: str) -> None:
    ran = inside(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert told in ran.err
    assert inside(*arguments, "--json").json["error"]["code"] == "USAGE"


def test_a_question_that_is_missing_is_told_at_a_terminal(ion: Ion) -> None:
    ran = ion.at_a_terminal("ask", LC_ALL="ko_KR.UTF-8")
    assert (ran.code, "질문이 없습니다" in ran.out) == (2, True)


def test_the_shell_completes_commands_and_personas(ion: Ion) -> None:
    # Typer asks the processes above which shell it is in; where there is none, as in a build, it is told.
    assert "_ION_COMPLETE" in ion("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").out
    completing = {"_ION_COMPLETE": "complete_bash", "_TYPER_COMPLETE_ARGS": "ion pe", "COMP_WORDS": "ion pe", "COMP_CWORD": "1"}
    assert ion(**completing).out.split() == ["personas"]
    completing |= {"COMP_WORDS": "ion ask --persona r", "COMP_CWORD": "3"}
    assert ion(**completing).out.split() == ["riri"]
    assert ion(**completing, ION_URL="http://127.0.0.1:9").out.split() == []


def test_who_reads_no_further_is_no_mistake(ion: Ion) -> None:
    piped = f"{PROGRAM} ask --json x | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", piped],
        env=ion.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.strip() in ("0", "141")
