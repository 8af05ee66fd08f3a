"""`ion ask` and `ion chat` against a real set."""

import json
from collections.abc import Callable

from tests.cli.conftest import Ion, Ran
from tests.local.conftest import LocalSet

QUESTION = "I failed my exam and I feel like a fraud"
KOREAN = "팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답해요"
DANGER = "죽고 싶어요"


def asked(local_set: LocalSet, text: str) -> str:
    return str(local_set.client.post("/api/v2/process", json={"user_input": text}).json()["content"])


def test_a_pipe_gets_the_answer_alone(ion: Ion, local_set: LocalSet) -> None:
    ran = ion("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == asked(local_set, QUESTION) + "\n"


def test_json_is_the_answer_as_the_set_gave_it(near: Callable[..., Ran]) -> None:
    answer = near("ask", "--json", "--persona", "nana", "--short", *KOREAN.split()).json
    assert answer["persona_used"] == "Nana"
    assert answer["metadata"]["language"] == "ko"
    assert answer["routing"]["reasoning"]


def test_a_person_sees_who_answers_and_the_text_as_it_is_written(ion: Ion, local_set: LocalSet) -> None:
    shown = ion.at_a_terminal("ask", "--why", QUESTION)
    assert shown.code == 0
    answer = local_set.client.post("/api/v2/process", json={"user_input": QUESTION}).json()
    lines = shown.out.replace("\r\n", "\n")
    assert lines.index(answer["persona_used"]) < lines.index(answer["content"]) < lines.index(answer["routing"]["reasoning"])


def test_the_safe_answer_is_shown_as_it_is(ion: Ion, near: Callable[..., Ran], local_set: LocalSet) -> None:
    safe = local_set.client.post("/api/v2/process", json={"user_input": DANGER, "context": {"country": "KR"}}).json()
    assert safe["metadata"]["safety"]
    assert near("ask", "--quiet", "--short", "--country", "KR", DANGER).out == safe["content"] + "\n"
    shown = ion.at_a_terminal("ask", "--quiet", "--country", "KR", DANGER).out
    assert shown.replace("\r\n", "\n") == safe["content"] + "\n"


def test_a_question_in_cp949_comes_from_a_pipe(ion: Ion) -> None:
    answer = ion("ask", "--json", stdin=KOREAN.encode("cp949")).json
    assert answer["resonance_key"] == ion("ask", "--json", KOREAN).json["resonance_key"]
    assert answer["metadata"]["language"] == "ko"


def test_a_refusal_is_told_in_the_language_of_the_locale(near: Callable[..., Ran]) -> None:
    ran = near("ask", "--persona", "zoe", "x", LC_ALL="ko_KR.UTF-8")
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("ion: 그런 멘토는 없습니다.\n  allowed: ")
    assert "  요청 번호: " in ran.err
    error = near("ask", "--json", "--persona", "zoe", "x")
    assert (error.code, error.err) == (5, "")
    assert error.json["error"]["code"] == "INVALID_PERSONA"
    assert error.json["request_id"]


def test_what_breaks_a_rule_is_refused_by_field(near: Callable[..., Ran]) -> None:
    ran = near("ask", "--json", "--user", "no spaces allowed", "x")
    assert ran.code == 3
    assert ran.json["error"]["field"] == "context.user_id"
    assert near("ask", "--json", " ").code == 3


def test_a_conversation_in_a_pipe_is_remembered(ion: Ion) -> None:
    lines = f"{KOREAN}\n\n/persona lua\n다른 방법은 없어요?\n/quit\nnever asked\n"
    ran = ion("chat", "--json", "--session", "s-1", stdin=lines.encode())
    first, second = map(json.loads, ran.out.splitlines())
    assert ran.code == 0
    assert second["persona_used"] == "Lua"
    again = ion("ask", "--json", "--session", "s-1", "--persona", "lua", "다른 방법은 없어요?").json
    alone = ion("ask", "--json", "--persona", "lua", "다른 방법은 없어요?").json
    assert len({first["content"], second["content"], again["content"], alone["content"]}) == 4


def test_a_conversation_at_a_terminal_goes_on_until_it_is_ended(ion: Ion) -> None:
    typed = (
        ("you> ", f"{QUESTION}\n"),
        ("you> ", "/help\n"),
        ("/quit", ""),
        ("you> ", "/new\n"),
        ("conversation", ""),
        ("you> ", "\x04"),
    )
    shown = ion.at_a_terminal("chat", typed=typed)
    assert shown.code == 0
    assert shown.out.count("you> ") == 4
    assert "ion chat --session ion-" in shown.out


def test_korean_is_typed_where_the_locale_is_none_of_this_machine(ion: Ion, local_set: LocalSet) -> None:
    answer = local_set.client.post("/api/v2/process", json={"user_input": KOREAN}).json()
    names = {one["name"]["en"]: one["name"]["ko"] for one in local_set.client.get("/api/v2/personas").json()}
    typed = (("나> ", f"{KOREAN}\n"), (answer["content"][-10:], ""), ("나> ", "\x04"))
    shown = ion.at_a_terminal("chat", typed=typed, LC_ALL="ko_KR.UTF-8")
    assert shown.code == 0
    assert answer["content"] in shown.out.replace("\r\n", "\n")
    assert names[answer["persona_used"]] in shown.out
