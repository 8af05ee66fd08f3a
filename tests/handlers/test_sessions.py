"""A user's conversations: listed, shown and erased by whom they belong to, and by an admin who says whose."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to

SESSIONS = "/api/v2/sessions"
KEYS = {
    "web": new_key("web", Role.SERVICE),
    "form": new_key("form", Role.SERVICE),
    "boss": new_key("boss", Role.ADMIN),
    "acme/web": new_key("acme/web", Role.SERVICE),
    "acme/boss": new_key("acme/boss", Role.ADMIN),
    "globex/boss": new_key("globex/boss", Role.ADMIN),
    "operator": new_key("operator", Role.OPERATOR),
}


@pytest.fixture
async def router(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(open_to(KEYS, cloud_settings)) as asked:
        yield asked


def by(who: str) -> dict[str, str]:
    return headers_of(KEYS, who)


async def say(router: httpx2.AsyncClient, who: str, session: str, text: str = "I feel stuck", user: str | None = None) -> None:
    context = {"session_id": session, **({"user_id": user} if user else {})}
    asked = await router.post("/api/v2/process", json={"user_input": text, "context": context}, headers=by(who))
    assert asked.status_code == 200


async def listed(router: httpx2.AsyncClient, who: str, **query: Any) -> Any:
    answer = await router.get(SESSIONS, params=query, headers=by(who))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def names(router: httpx2.AsyncClient, who: str, **query: Any) -> list[str]:
    return [session["session_id"] for session in (await listed(router, who, **query))["sessions"]]


async def status(router: httpx2.AsyncClient, who: str, path: str = SESSIONS, method: str = "GET", **query: Any) -> int:
    return (await router.request(method, path, params=query, headers=by(who))).status_code


async def test_a_mentee_sees_its_own_conversations_and_what_was_said(router: httpx2.AsyncClient) -> None:
    await say(router, "kim", "s1", "회의가 너무 많아요")
    await say(router, "kim", "s2", user="kim")
    await say(router, "kim", "s1", "그래서 어떻게 하죠?")
    await say(router, "lee", "s3")
    assert await names(router, "kim") == ["s1", "s2"]
    first = (await listed(router, "kim"))["sessions"][0]
    assert (first["turns"], first["excerpt"]) == (4, "그래서 어떻게 하죠?")
    shown = (await router.get(f"{SESSIONS}/s1", headers=by("kim"))).json()
    assert [turn["role"] for turn in shown["turns"]] == ["user", "assistant"] * 2
    assert (shown["turns"][0]["content"], shown["more"]) == ("회의가 너무 많아요", False)
    newest = (await router.get(f"{SESSIONS}/s1", params={"limit": 2}, headers=by("kim"))).json()
    assert (newest["turns"], newest["more"]) == (shown["turns"][2:], True)
    assert await status(router, "kim", f"{SESSIONS}/s2") == 200


async def test_a_list_names_a_conversation_by_its_first_question_and_says_who_answered_last(router: httpx2.AsyncClient) -> None:
    for text in ("Our deploys fail every Friday", "And what then?", "Thanks"):
        await say(router, "kim", "s1", text)
    [one] = (await listed(router, "kim"))["sessions"]
    assert (one["title"], one["excerpt"], one["danger"]) == ("Our deploys fail every Friday", "Thanks", False)
    assert one["persona"] in {"lua", "elro", "riri", "nana"}


async def test_a_list_says_which_conversations_began_with_a_danger(router: httpx2.AsyncClient) -> None:
    await say(router, "kim", "s1", "죽고 싶어요")
    await say(router, "kim", "s1", "오늘 저녁은 뭐 먹죠?")
    [one] = (await listed(router, "kim"))["sessions"]
    assert (one["title"], one["danger"], one["persona"]) == ("죽고 싶어요", True, "lua")


async def test_each_answer_says_which_mentor_gave_it(router: httpx2.AsyncClient) -> None:
    for name in ("Riri", "Elro"):
        asked = {"user_input": "I feel stuck", "persona": name, "context": {"session_id": "who"}}
        assert (await router.post("/api/v2/process", json=asked, headers=by("kim"))).status_code == 200
    shown = (await router.get(f"{SESSIONS}/who", headers=by("kim"))).json()
    assert [turn["persona"] for turn in shown["turns"]] == [None, "riri", None, "elro"]


async def test_pages_follow_each_other(router: httpx2.AsyncClient) -> None:
    for number in range(5):
        await say(router, "web", f"s{number}", user="u1")
    found: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = await listed(router, "web", user_id="u1", limit=2, **before)
        found += [session["session_id"] for session in page["sessions"]]
        if page["next"] is None:
            break
        before = {"before": page["next"]}
    assert found == ["s4", "s3", "s2", "s1", "s0"]


async def test_a_service_says_which_of_its_users_it_means(router: httpx2.AsyncClient) -> None:
    await say(router, "web", "s1", user="u1")
    await say(router, "web", "s2")
    assert await names(router, "web", user_id="u1") == ["s1"]
    assert await names(router, "web") == ["s2"]
    assert await names(router, "form", user_id="u1") == []
    assert await status(router, "form", f"{SESSIONS}/s1", user_id="u1") == 404


async def test_users_of_a_tenant_are_seen_by_its_services_its_admin_and_themselves(router: httpx2.AsyncClient) -> None:
    await say(router, "acme/web", "s1", user="u1")
    assert await names(router, "acme/boss", user_id="u1") == ["s1"]
    assert await names(router, "boss", tenant="acme", user_id="u1") == ["s1"]
    for query, expected in (
        ({"user_id": "u1"}, 404),
        ({"user_id": "u1", "tenant": "acme"}, 403),
        ({"user_id": "u1", "tenant": "acme", "caller": "key:web"}, 403),
    ):
        assert await status(router, "globex/boss", f"{SESSIONS}/s1", **query) == expected
    assert await status(router, "boss", f"{SESSIONS}/s1", user_id="u1") == 404


async def test_an_admin_of_the_service_says_whose_caller_is_meant(router: httpx2.AsyncClient) -> None:
    await say(router, "web", "s1", user="u1")
    await say(router, "kim", "s2")
    assert await names(router, "boss", caller="key:web", user_id="u1") == ["s1"]
    assert await names(router, "boss", caller="sub:kim") == ["s2"]
    assert await status(router, "web", caller="sub:kim") == 403
    assert await status(router, "kim", user_id="lee") == 403
    assert await status(router, "operator") == 403
    assert await status(router, "boss", tenant="acme") == 403


async def test_an_erased_conversation_is_gone_with_the_answers_that_stood_on_it(router: httpx2.AsyncClient) -> None:
    for _ in range(2):
        await say(router, "kim", "s1", "I am John Smith and my boss hates me")
    await say(router, "kim", "s2")
    path = f"{SESSIONS}/s1"
    assert await status(router, "lee", path, "DELETE") == 404
    erased = await router.delete(path, headers=by("kim"))
    assert (erased.status_code, erased.json()["session_id"]) == (200, "s1")
    assert await names(router, "kim") == ["s2"]
    assert [await status(router, "kim", path, method) for method in ("GET", "DELETE")] == [404, 404]
    asked = {"user_input": "I am John Smith and my boss hates me"}
    again = await router.post("/api/v2/process", json=asked, headers=by("kim"))
    assert again.json()["performance"]["cache_hit"] is False


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"limit": "9" * 5_000}, "limit"),
        ({"before": "yesterday"}, "before"),
        ({"before": "2026-01-01T00:00:00"}, "before"),
        ({"before": "0001-01-01T00:00:00+23:00"}, "before"),
    ],
)
async def test_a_query_that_breaks_its_rule_is_named(router: httpx2.AsyncClient, query: dict[str, str], field: str) -> None:
    refused = await router.get(SESSIONS, params=query, headers=by("kim"))
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)


@pytest.mark.parametrize("path", ["%00", "%FF", "%ED%A0%80", "a" * 3_000, "..", "'; DROP TABLE turns", "%F0%9F%98%80"])
async def test_an_id_of_any_bytes_is_absent(router: httpx2.AsyncClient, path: str) -> None:
    assert await status(router, "kim", f"{SESSIONS}/x{path}") == 404
    assert await status(router, "kim", SESSIONS, user_id="kim") == 200
