"""What comes from a server that is none, is hostile, breaks off, or has no time."""

from typing import TYPE_CHECKING

import pytest

from tests.cli.stand_in import Said, StandIn, refused, said, stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ion, Ran

ROUTING = ("routing", {"persona_used": "Lua"})
DONE = ("done", {"content": "one two", "metadata": {}, "routing": {"reasoning": "why"}})
STEERING = "\x1b]0;title\x07\x1b[2J\x9b31mred\x7f\u202edlrow\r\n\x00\ud800"


def test_a_passing_refusal_is_asked_again_as_the_same_request(stand_in: StandIn, inside: "Callable[..., Ran]") -> None:
    stand_in.says = [refused(503, "OVERLOADED", retry_after="0"), Said(502, b"<html>"), said({"content": "here"})]
    assert inside("ask", "x").out == "here\n"
    assert len({one.headers["idempotency-key"] for one in stand_in.asked}) == 1
    assert len(stand_in.asked) == 3


def test_a_connection_that_is_lost_is_made_again(stand_in: StandIn, inside: "Callable[..., Ran]") -> None:
    stand_in.says = [Said(body=b"{", cut=True), said({"content": "here"})]
    assert inside("ask", "x").out == "here\n"
    assert len({one.headers["idempotency-key"] for one in stand_in.asked}) == 1


@pytest.mark.parametrize(
    ("says", "code", "named"),
    [
        (refused(401, "UNAUTHENTICATED"), 4, "UNAUTHENTICATED"),
        (refused(403, "FORBIDDEN"), 4, "FORBIDDEN"),
        (refused(409, "CONFLICT"), 6, "CONFLICT"),
        (refused(413, "REQUEST_TOO_LARGE"), 3, "REQUEST_TOO_LARGE"),
        (refused(429, "BUDGET_EXHAUSTED", retry_after="86400"), 7, "BUDGET_EXHAUSTED"),
        (refused(500, "INTERNAL_ERROR"), 1, "INTERNAL_ERROR"),
        (Said(200, b"<html>hello"), 8, "NOT_A_SET"),
        (Said(301, b"", {"location": "http://x.example/"}), 8, "NOT_A_SET"),
        (said([1], 404), 8, "NOT_A_SET"),
    ],
)
def test_each_refusal_has_its_exit_code_and_is_not_asked_again(
    stand_in: StandIn, inside: "Callable[..., Ran]", says: Said, code: int, named: str
) -> None:
    stand_in.says = [says]
    ran = inside("ask", "--json", "x")
    assert (ran.code, ran.json["error"]["code"], len(stand_in.asked)) == (code, named, 1)


@pytest.mark.parametrize(
    "arguments", [("ask", "x"), ("batch", "status", "b"), ("personas",), ("cache", "stats"), ("keys", "list")]
)
@pytest.mark.parametrize("value", [{}, [], [1], "text", None, 1])
def test_an_answer_of_another_shape_is_no_crash(
    stand_in: StandIn, inside: "Callable[..., Ran]", arguments: tuple[str, ...], value: object
) -> None:
    stand_in.says = [said(value)]
    ran = inside(*arguments)
    assert ran.code in (0, 8)
    assert ran.code == 8 or value in ({}, []), ran


def test_nobody_there_is_told_after_several_tries(inside: "Callable[..., Ran]") -> None:
    ran = inside("personas", "--url", "http://127.0.0.1:9", LC_ALL="ko_KR.UTF-8")
    assert (ran.code, ran.out) == (8, "")
    assert ran.err == "ion: http://127.0.0.1:9에 연결할 수 없습니다. 서버가 켜져 있는지, 주소가 맞는지 확인해 주세요.\n"


def test_a_stream_that_is_cut_goes_on_where_it_was(stand_in: StandIn, elsewhere: "Ion") -> None:
    stand_in.says = [
        stream(ROUTING, ("delta", {"text": "one "}), cut=True),
        stream(("delta", {"text": "two"}), DONE, first=3),
    ]
    shown = elsewhere.at_a_terminal("ask", "--quiet", "x")
    assert shown.out == "one two\r\n"
    assert [one.headers.get("last-event-id") for one in stand_in.asked] == [None, "s.2"]
    assert len({one.headers["idempotency-key"] for one in stand_in.asked}) == 1


def test_a_stream_that_begins_anew_says_so_and_one_that_fails_ends_the_run(stand_in: StandIn, elsewhere: "Ion") -> None:
    nana = ("routing", {"persona_used": "Nana"})
    stand_in.says = [stream(ROUTING, ("delta", {"text": "half"}), nana, ("delta", {"text": "one two"}), DONE)]
    shown = elsewhere.at_a_terminal("ask", "x").out
    assert shown.index("half") < shown.index("begins anew") < shown.index("Nana") < shown.index("one two")
    error = {"success": False, "error": {"code": "INTERNAL_ERROR", "message": "broken"}, "request_id": "r-1"}
    stand_in.says = [stream(ROUTING, ("error", error))]
    shown_failure = elsewhere.at_a_terminal("ask", "x")
    assert (shown_failure.code, "ion: broken" in shown_failure.out) == (1, True)


def test_nothing_that_others_wrote_steers_the_terminal(stand_in: StandIn, elsewhere: "Ion") -> None:
    steering = STEERING.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    done = ("done", {"content": steering, "metadata": {"degraded": [steering]}, "routing": {"reasoning": steering}})
    stand_in.says = [stream(("routing", {"persona_used": steering}), ("delta", {"text": steering}), done)]
    plain = elsewhere.at_a_terminal("ask", "--why", "x", NO_COLOR="1", TERM="xterm").out
    stand_in.says = [refused(422, "VALIDATION_ERROR", steering)]
    plain += elsewhere.at_a_terminal("ask", "x").out
    stand_in.says = [
        said([{"id": steering, "name": {"en": steering}, "role": {"en": steering}, "preferred_tones": [steering]}])
    ]
    plain += elsewhere.at_a_terminal("personas", NO_COLOR="1").out
    assert "red" in plain
    for steers in ("\x1b]", "\x1b[2J", "\x9b", "\x7f", "\u202e", "\x00", "\x07"):
        assert steers not in plain
    stand_in.says = [said({"content": steering})]
    written = elsewhere("ask", "--json", "x")
    assert written.json["content"] == steering
    assert written.out.rstrip("\n").isprintable()


def test_ctrl_c_ends_a_run(stand_in: StandIn, elsewhere: "Ion") -> None:
    stand_in.says = [refused(503, "OVERLOADED", retry_after="20")]
    shown = elsewhere.at_a_terminal("ask", "x", typed=(("Trying again", "\x03"),))
    assert shown.code == 130
