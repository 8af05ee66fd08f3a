"""Every field of a question means the same at every door: one table of fields by doors, with what is taken and what is not."""

import json
from typing import Any, Final

import pytest

from ion_mentoring.handlers.contract.requests import Context, ProcessRequest, V1ChatRequest, V1ProcessRequest
from ion_mentoring.handlers.web.app import App
from tests.handlers.doors import ALL, V1, V2, Door, Outcome

TEXT: Final = "How do I prepare for an interview?"
SAID: Final = [{"role": "user", "content": "I failed my exam"}, {"role": "assistant", "content": "Oh no", "timestamp": 1.5}]

# What is not taken, where in the field the error is, and its code.
Bad = tuple[Any, str, str]


def bad(value: Any, at: str = "", code: str = "VALIDATION_ERROR") -> Bad:
    return value, at, code


NULL: Final = None
FIELDS: Final[dict[str, tuple[list[Any], list[Bad]]]] = {
    "user_input": (
        ["a", "  a  ", "가" * 4_000, " " * 9_000 + "a", "a\rb", "😀", "\ud83d", "e\u0301" * 4_000, "\ufeffa"],
        [
            *(bad("", code="INVALID_INPUT"), bad(" \r\n\x00\u2028\u200b", code="INVALID_INPUT"), bad("가" * 4_001)),
            *(bad("a" * 100_000), bad(NULL), bad(5), bad(["a"]), bad(True), bad({})),
        ],
    ),
    "resonance_key": (
        [NULL, "calm-medium-learning", {"tone": "calm", "pace": "medium", "intent": "learning"}, " Calm-steady-LEARN "],
        [bad(7), bad([]), bad({"tone": "calm", "pace": "medium"}, ".intent"), bad("purple-burst-advice", ".tone")],
    ),
    "persona": (
        [NULL, "elro", " ELRO ", "엘로", "\u110b\u1166\u11af\u1105\u1169"],
        [bad(""), bad("x" * 65), bad(3), bad("zoe", code="INVALID_PERSONA")],
    ),
    "language": ([NULL, "ko", "en-GB"], [bad("korean language"), bad(""), bad(1)]),
    "context": ([NULL, {}, {"unknown": 1}], [bad([]), bad("x"), bad(1)]),
    "context.user_id": ([NULL, "u1", "a@b.c:d_-"], [bad("a b"), bad(""), bad("x" * 129), bad(1)]),
    "context.session_id": ([NULL, "s1", "x" * 128], [bad("a/b"), bad("x" * 129), bad(1)]),
    "context.country": ([NULL, "KR", "gb"], [bad("KOR"), bad("K1"), bad(""), bad(1)]),
    "context.message_history": (
        [
            *(NULL, [], SAID, SAID * 25, [*SAID, {"role": "assistant", "content": ""}]),
            *([{"role": "user", "content": " \u200b\n"}] * 60, [{"role": "user", "content": "x" * 20_000}]),
            *([{"role": "user", "content": "\udc00 a\rb", "timestamp": NULL}], [{"role": "user", "content": "a", "n": 1}]),
        ],
        [
            *(bad("x"), bad({}), bad(1), bad([1], ".0"), bad([{"role": "user"}], ".0.content"), bad([*SAID] * 26)),
            *(bad([{"role": "system", "content": "x"}], ".0.role"), bad([{"role": "user", "content": NULL}], ".0.content")),
            *(bad([{"role": "user", "content": "x" * 20_001}]), bad([{"role": "user", "content": "가" * 90_000}])),
            bad([{"role": "user", "content": "x", "timestamp": []}], ".0.timestamp.str"),
        ],
    ),
    "context.consent": (
        [NULL, {}, {"notice": "2026-11", "purposes": {"keep": True}}, {"child": False, "guardian": NULL}],
        [bad("yes"), bad([]), bad({"notice": "a b"}, ".notice"), bad({"purposes": {"sell": True}}, ".purposes.sell.[key]")],
    ),
    "context.metadata": ([NULL, {}, {"cut": "\ud83d", "n": [1, NULL]}], [bad({"k": "v" * 5_000}), bad([]), bad("x")]),
    "include_metadata": ([NULL, True, False], [bad("yes"), bad(1), bad([])]),
    "use_cache": ([NULL, True, False], [bad("no"), bad(0)]),
    "prompt_mode": ([NULL, "default", "summary_light"], [bad("long"), bad(1)]),
    "read_tone": ([NULL, True, False], [bad("no"), bad(0)]),
}
V1_FIELDS: Final = {
    "user_input": FIELDS["user_input"],
    "resonance_key": ([NULL, "calm-medium-learning", "nonsense", ""], [bad(7), bad({}), bad("x" * 201)]),
}
CHAT_FIELDS: Final = {"user_input": FIELDS["user_input"], "user_id": FIELDS["context.user_id"]}

doors = pytest.mark.parametrize("door", V2.values(), ids=V2.keys())
all_doors = pytest.mark.parametrize("door", ALL.values(), ids=ALL.keys())


def body(field: str, value: Any) -> bytes:
    *path, name = field.split(".")
    sent: dict[str, Any] = {"user_input": TEXT}
    place = sent
    for step in path:
        place = place.setdefault(step, {})
    place[name] = value
    return json.dumps(sent).encode()


def taken(fields: dict[str, tuple[list[Any], list[Bad]]]) -> list[tuple[str, Any]]:
    return [(field, value) for field, (good, _) in fields.items() for value in good]


def refused(fields: dict[str, tuple[list[Any], list[Bad]]]) -> list[tuple[str, Bad]]:
    return [(field, wrong) for field, (_, bad_ones) in fields.items() for wrong in bad_ones]


def is_short(value: Any) -> str:
    return ascii(value)[:40]


def test_the_table_has_every_field_of_every_request() -> None:
    fields = {name for name in FIELDS if "." not in name}
    assert fields == set(ProcessRequest.model_fields)
    within = {name.removeprefix("context.") for name in FIELDS if "." in name}
    assert within == set(Context.model_fields)
    assert set(V1_FIELDS) == set(V1ProcessRequest.model_fields)
    assert set(CHAT_FIELDS) == {*V1ChatRequest.model_fields} - {"message"} | {"user_input"}


@doors
@pytest.mark.parametrize(("field", "value"), taken(FIELDS), ids=is_short)
async def test_what_is_good_is_taken_at_every_door(laptop: App, door: Door, field: str, value: Any) -> None:
    outcome = await door(laptop, body(field, value))
    assert outcome.answer is not None, outcome
    assert outcome.answer["content"]


@doors
@pytest.mark.parametrize(("field", "wrong"), refused(FIELDS), ids=is_short)
async def test_what_is_bad_is_refused_alike_at_every_door(laptop: App, door: Door, field: str, wrong: Bad) -> None:
    value, at, code = wrong
    outcome = await door(laptop, body(field, value))
    stored_without_field = code == "INVALID_PERSONA" and not outcome.field
    assert outcome == Outcome(code=code, field="" if stored_without_field else field + at)


@pytest.mark.parametrize(("field", "value"), taken(V1_FIELDS), ids=is_short)
async def test_v1_takes_what_it_took(laptop: App, field: str, value: Any) -> None:
    assert (await V1["v1 process"](laptop, body(field, value))).answer


@pytest.mark.parametrize(("field", "wrong"), refused(V1_FIELDS), ids=is_short)
async def test_v1_refuses_what_v2_refuses(laptop: App, field: str, wrong: Bad) -> None:
    value, at, code = wrong
    assert await V1["v1 process"](laptop, body(field, value)) == Outcome(code=code, field=field + at)


@pytest.mark.parametrize(("field", "value"), taken(CHAT_FIELDS), ids=is_short)
async def test_the_chat_of_v1_takes_the_same_texts(laptop: App, field: str, value: Any) -> None:
    assert (await V1["v1 chat"](laptop, body(field, value))).answer


@pytest.mark.parametrize(("field", "wrong"), refused(CHAT_FIELDS), ids=is_short)
async def test_the_chat_of_v1_refuses_the_same_texts(laptop: App, field: str, wrong: Bad) -> None:
    value, at, code = wrong
    assert await V1["v1 chat"](laptop, body(field, value)) == Outcome(code=code, field=field + at)


@all_doors
@pytest.mark.parametrize("end", ["\r", "\r\n", "\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\x00"])
async def test_danger_is_seen_through_any_control_character(laptop: App, door: Door, end: str) -> None:
    for text in (f"I just want{end}to die", f"I want to{end}kill myself"):
        outcome = await door(laptop, body("user_input", text))
        assert outcome.answer is not None
        assert outcome.answer["metadata"]["safety"] == "suicide"


@doors
async def test_a_persona_is_known_by_its_decomposed_name(laptop: App, door: Door) -> None:
    outcome = await door(laptop, body("persona", "\u1105\u116e\u110b\u1161"))
    assert outcome.answer is not None
    assert outcome.answer["persona_used"] == "Lua"
