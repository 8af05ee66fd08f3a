"""Bad input gets its status and our error form; nothing is a 500, and nothing of it is said back."""

import json
from typing import Any

import httpx2
import pytest

JSON = {"content-type": "application/json"}
PROCESS = "/api/v2/process"


async def refused(router: httpx2.AsyncClient, status: int, code: str, **request: Any) -> dict[str, Any]:
    response = await router.request(**{"method": "POST", "url": PROCESS, "headers": JSON, **request})
    body = response.json()
    assert (response.status_code, body["error"]["code"]) == (status, code), body
    assert body["success"] is False
    assert set(body) == {"success", "error", "request_id", "timestamp"}
    assert set(body["error"]) == {"code", "message", "field", "details"}
    assert response.headers["x-request-id"] == body["request_id"]
    return body["error"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200b", "\u0000", "\u202e \u200f", "\ufeff"])
async def test_a_text_that_shows_nothing_is_empty(router: httpx2.AsyncClient, text: str) -> None:
    error = await refused(router, 400, "INVALID_INPUT", content=json.dumps({"user_input": text}))
    assert error["field"] == "user_input"


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"{", b"{'a': 1}", b'{"user_input": "x"', b"\xff\xfe", b'{"user_input": "\xc3\x28"}']
)
async def test_what_is_no_json_or_no_utf8_is_invalid_json(router: httpx2.AsyncClient, body: bytes) -> None:
    await refused(router, 400, "INVALID_JSON", content=body)


async def test_json_nested_beyond_reason_is_refused(router: httpx2.AsyncClient) -> None:
    await refused(router, 400, "INVALID_JSON", content=b"[" * 100_000)


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", "[{}]", "true"])
async def test_a_body_that_is_no_object_is_invalid_input(router: httpx2.AsyncClient, body: str) -> None:
    await refused(router, 400, "INVALID_INPUT", content=body)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "user_input"),
        ({"user_input": 5}, "user_input"),
        ({"user_input": None}, "user_input"),
        ({"user_input": ["a"]}, "user_input"),
        ({"user_input": "a", "include_metadata": "yes"}, "include_metadata"),
        ({"user_input": "a", "language": "korean language"}, "language"),
        ({"user_input": "a", "prompt_mode": "long"}, "prompt_mode"),
        ({"user_input": "a", "persona": ""}, "persona"),
        ({"user_input": "a", "context": []}, "context"),
        ({"user_input": "a", "context": {"user_id": "a b"}}, "context.user_id"),
        ({"user_input": "a", "context": {"session_id": "x" * 129}}, "context.session_id"),
        (
            {"user_input": "a", "context": {"message_history": [{"role": "system", "content": "x"}]}},
            "context.message_history.0.role",
        ),
        ({"user_input": "a", "context": {"message_history": [{"role": "user"}]}}, "context.message_history.0.content"),
        (
            {"user_input": "a", "context": {"message_history": [{"role": "user", "content": "x"}] * 51}},
            "context.message_history",
        ),
        (
            {"user_input": "a", "context": {"message_history": [{"role": "user", "content": "x" * 20_001}]}},
            "context.message_history",
        ),
        ({"user_input": "a", "context": {"metadata": {"k": "v" * 5_000}}}, "context.metadata"),
        ({"user_input": "a", "resonance_key": 7}, "resonance_key"),
        ({"user_input": "a", "resonance_key": {"tone": "calm", "pace": "medium"}}, "resonance_key.intent"),
    ],
)
async def test_a_field_that_breaks_its_rule_is_named(router: httpx2.AsyncClient, sent: dict[str, Any], field: str) -> None:
    error = await refused(router, 422, "VALIDATION_ERROR", content=json.dumps(sent))
    assert error["field"] == field
    assert error["details"]["rule"]


async def test_an_unknown_tone_lists_the_allowed_ones(router: httpx2.AsyncClient) -> None:
    for key in ("purple-burst-advice", {"tone": "purple", "pace": "burst", "intent": "advice"}):
        error = await refused(router, 422, "VALIDATION_ERROR", content=json.dumps({"user_input": "a", "resonance_key": key}))
        assert error["field"] == "resonance_key.tone"
        assert len(error["details"]["allowed"]) == 9


async def test_an_unknown_mode_lists_the_allowed_ones(router: httpx2.AsyncClient) -> None:
    error = await refused(router, 422, "VALIDATION_ERROR", content=json.dumps({"user_input": "a", "prompt_mode": "x"}))
    assert error["details"]["allowed"] == ["default", "summary_light"]


async def test_4000_characters_are_taken_and_one_more_is_not(router: httpx2.AsyncClient) -> None:
    taken = await router.post(PROCESS, json={"user_input": "  " + "가" * 4_000 + "  "})
    assert taken.status_code == 200
    await refused(router, 422, "VALIDATION_ERROR", content=json.dumps({"user_input": "가" * 4_001}))


async def test_a_body_over_a_mebibyte_is_too_large_declared_or_not(router: httpx2.AsyncClient) -> None:
    body = json.dumps({"user_input": "a", "context": {"metadata": {"k": "v" * (1024 * 1024)}}}).encode()

    async def chunks() -> Any:
        yield body[:1000]
        yield body[1000:]

    for content in (body, chunks()):
        error = await refused(router, 413, "REQUEST_TOO_LARGE", content=content)
        assert error["details"] == {"limit_bytes": 1024 * 1024}


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
async def test_another_content_type_is_unsupported(router: httpx2.AsyncClient, kind: str) -> None:
    await refused(router, 415, "UNSUPPORTED_MEDIA_TYPE", content=b'{"user_input": "a"}', headers={"content-type": kind})


async def test_a_charset_and_a_json_dialect_are_taken(router: httpx2.AsyncClient) -> None:
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"):
        response = await router.post(PROCESS, content=b'{"user_input": "a"}', headers={"content-type": kind})
        assert response.status_code == 200


async def test_a_wrong_method_is_told_the_right_ones(router: httpx2.AsyncClient) -> None:
    response = await router.put(PROCESS)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["error"]["details"] == {"allowed": ["POST"]}


async def test_an_unknown_path_and_an_unknown_persona_are_not_found(router: httpx2.AsyncClient) -> None:
    await refused(router, 404, "NOT_FOUND", url="/api/v2/nothing")
    await refused(router, 404, "INVALID_PERSONA", method="GET", url="/api/v2/personas/zoe")
    error = await refused(router, 404, "INVALID_PERSONA", content=json.dumps({"user_input": "a", "persona": "zoe"}))
    assert {"lua", "elro", "riri", "nana"} <= set(error["details"]["allowed"])


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "👩‍👩‍👧‍👦 family",
        "שלום, אני צריך עזרה",
        "مرحبا أحتاج مساعدة",
        "a\u200bb\u200dc",
        "NUL \u0000 inside",
        "‮reversed",
        "Z̸̢͓a̷l̶g̴o̷",
        "🏳️‍🌈",
    ],
)
async def test_any_text_that_shows_something_is_answered(router: httpx2.AsyncClient, text: str) -> None:
    response = await router.post(PROCESS, json={"user_input": text})
    assert response.status_code == 200
    assert response.json()["content"].strip()


async def test_a_refusal_says_nothing_of_what_was_sent(router: httpx2.AsyncClient) -> None:
    secret = "my-very-private-words"
    response = await router.post(PROCESS, json={"user_input": [secret], "prompt_mode": secret, "resonance_key": secret})
    assert response.status_code == 422
    assert secret not in response.text


async def test_an_error_speaks_the_language_that_is_asked_for(router: httpx2.AsyncClient) -> None:
    korean = await router.get("/nothing", headers={"accept-language": "ko-KR,ko;q=0.9,en;q=0.8"})
    english = await router.get("/nothing", headers={"accept-language": "en;q=0.8, fr"})
    assert korean.json()["error"]["message"] == "여기에는 아무것도 없습니다."
    assert english.json()["error"]["message"] == "There is nothing here."
