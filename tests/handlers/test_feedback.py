"""Ratings: by whoever was answered, of an answer that its receipt vouches for; changed, taken back, exported without names."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import jwt
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.access.broken_tokens import SECRET
from tests.fakes import client

FEEDBACK, PROCESS = "/api/v2/feedback", "/api/v2/process"
KEYS = {
    "web": new_key("web", Role.SERVICE),
    "form": new_key("form", Role.SERVICE),
    "ops": new_key("ops", Role.OPERATOR),
    "acme/web": new_key("acme/web", Role.SERVICE),
    "acme/form": new_key("acme/form", Role.SERVICE),
}
TOKENS = {"JWT_KEY": SECRET, "JWT_ALGORITHM": "HS256", "JWT_ISSUER": "iss", "JWT_AUDIENCE": "ion"}


@pytest.fixture
async def router(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    settings = {**cloud_settings, **TOKENS, "API_KEYS": ",".join(key.line for key in KEYS.values())}
    async with client(build(RouterSettings.read(settings))) as asked:
        yield asked


def by(who: str) -> dict[str, str]:
    if who in KEYS:
        return {"x-api-key": KEYS[who].secret}
    claims = {"sub": who, "iss": "iss", "aud": "ion", "exp": time.time() + 60}
    return {"authorization": f"Bearer {jwt.encode(claims, SECRET)}"}


async def answer(router: httpx2.AsyncClient, who: str, user: str | None = None, text: str = "I feel stuck") -> Any:
    body = {"user_input": text, "context": {"user_id": user} if user else {}}
    found = await router.post(PROCESS, json=body, headers=by(who))
    assert found.status_code == 200, found.text
    return found.json()


async def rate(router: httpx2.AsyncClient, who: str, answered: Any, **body: Any) -> httpx2.Response:
    sent = {"request_id": answered["request_id"], "receipt": answered["metadata"]["receipt"], "verdict": "up", **body}
    return await router.post(FEEDBACK, json=sent, headers=by(who))


async def listed(router: httpx2.AsyncClient, who: str, **query: str) -> list[Any]:
    found = await router.get(FEEDBACK, params=query, headers=by(who))
    assert found.status_code == 200, found.text
    return list(found.json()["ratings"])


async def test_a_rating_knows_the_answer_that_it_is_about(router: httpx2.AsyncClient) -> None:
    answered = await answer(router, "kim")
    rated = await rate(router, "kim", answered, verdict="down", reasons=["vague", "long", "vague"])
    assert rated.status_code == 200, rated.text
    rating = rated.json()["rating"]
    assert (rating["verdict"], rating["reasons"], rating["counts"]) == ("down", ["vague", "long"], True)
    assert rating["answer"]["persona"] == answered["persona_used"].lower()
    assert rating["answer"]["resonance_key"] == answered["resonance_key"]
    assert rating["answer"]["card_version"] >= 1
    assert await listed(router, "kim") == [rating]
    assert await listed(router, "lee") == []


async def test_it_is_changed_as_a_whole_and_taken_back(router: httpx2.AsyncClient) -> None:
    answered = await answer(router, "kim")
    await rate(router, "kim", answered, verdict="down", reasons=["cold"])
    later = {"request_id": answered["request_id"], "verdict": "up", "outcome": "helped"}
    changed = (await router.post(FEEDBACK, json=later, headers=by("kim"))).json()["rating"]
    assert (changed["verdict"], changed["reasons"], changed["outcome"]) == ("up", [], "helped")
    assert changed["answer"], "the facts of the answer stay without its receipt"
    path = f"{FEEDBACK}/{answered['request_id']}"
    assert (await router.delete(path, headers=by("lee"))).status_code == 404
    assert (await router.delete(path, headers=by("kim"))).status_code == 200
    assert (await router.delete(path, headers=by("kim"))).status_code == 404
    assert await listed(router, "kim") == []


async def test_nobody_rates_what_another_was_answered(router: httpx2.AsyncClient) -> None:
    answered = await answer(router, "web", "u1")
    for who, whose in (("form", {"user_id": "u1"}), ("web", {"user_id": "u2"}), ("web", {}), ("kim", {})):
        refused = await rate(router, who, answered, **whose)
        assert (refused.status_code, refused.json()["error"]["field"]) == (404, "receipt"), (who, whose)
    assert (await rate(router, "web", answered, user_id="u1", request_id="another")).status_code == 404
    assert (await rate(router, "web", answered, user_id="u1")).status_code == 200
    assert (await rate(router, "kim", answered, user_id="u1")).status_code == 403
    own = await answer(router, "acme/web", "u1")
    assert (await rate(router, "acme/form", own, user_id="u1")).status_code == 200, "the services of a tenant share its users"


async def test_an_answer_that_was_known_may_be_rated_by_everybody_who_got_it(router: httpx2.AsyncClient) -> None:
    for user in ("u1", "u2", None):
        for place in range(3):
            answered = await answer(router, "web", user, "How do I prepare for a job interview?")
            assert answered["performance"]["cache_hit"] == bool(place or user != "u1")
            whose = {"user_id": user} if user else {}
            rated = await rate(router, "web", answered, **whose)
            assert rated.json()["rating"]["answer"]["resonance_key"] == answered["resonance_key"]
    known = await answer(router, "kim", None, "How do I prepare for a job interview?")
    assert (await rate(router, "lee", known)).status_code == 404
    assert (await rate(router, "kim", known)).status_code == 200


async def test_without_a_receipt_a_rating_is_kept_and_does_not_count(router: httpx2.AsyncClient) -> None:
    sent = await router.post(FEEDBACK, json={"request_id": "lost", "verdict": "up"}, headers=by("kim"))
    assert sent.status_code == 200
    assert (sent.json()["rating"]["counts"], sent.json()["rating"]["answer"]) == (False, None)


async def test_the_answer_to_a_sign_of_danger_is_not_to_be_rated(router: httpx2.AsyncClient) -> None:
    assert "receipt" not in (await answer(router, "kim", text="I want to die"))["metadata"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"verdict": "up"}, "request_id"),
        ({"request_id": "r"}, "verdict"),
        ({"request_id": "r", "verdict": "meh"}, "verdict"),
        ({"request_id": "r", "verdict": None, "outcome": None}, "verdict"),
        ({"request_id": "a b", "verdict": "up"}, "request_id"),
        ({"request_id": "r", "verdict": "up", "reasons": ["I hate my boss"]}, "reasons.0"),
        ({"request_id": "r", "verdict": "up", "reasons": "cold"}, "reasons"),
        ({"request_id": "r", "verdict": "up", "reasons": ["cold", "vague", "wrong", "off", "long", "clear"]}, "reasons"),
        ({"request_id": "r", "verdict": "up", "outcome": "maybe"}, "outcome"),
        ({"request_id": "r", "verdict": "up", "receipt": "1.x.y"}, "receipt"),
    ],
)
async def test_what_rates_nothing_is_refused(router: httpx2.AsyncClient, body: dict[str, Any], field: str) -> None:
    refused = await router.post(FEEDBACK, json=body, headers=by("kim"))
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)


async def test_the_same_request_under_its_key_is_done_once(router: httpx2.AsyncClient) -> None:
    headers = {**by("kim"), "idempotency-key": "once"}
    body = {"request_id": "r1", "verdict": "up"}
    first = await router.post(FEEDBACK, json=body, headers=headers)
    again = await router.post(FEEDBACK, json=body, headers=headers)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    other = await router.post(FEEDBACK, json={**body, "verdict": "down"}, headers=headers)
    assert other.status_code == 409


async def test_operators_export_all_of_them_as_lines_without_a_name(router: httpx2.AsyncClient) -> None:
    for who in ("kim", "lee", "kim"):
        await rate(router, who, await answer(router, who), outcome="tried")
    assert (await router.get(f"{FEEDBACK}/export", headers=by("kim"))).status_code == 403
    exported = await router.get(f"{FEEDBACK}/export", headers=by("ops"))
    assert exported.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in exported.text.splitlines()]
    assert [line["outcome"] for line in lines] == ["tried"] * 3
    users = [line["user"] for line in lines]
    assert users[0] == users[2] != users[1]
    assert not {"kim", "lee"} & set(exported.text.replace('"', " ").split())
    rest = await router.get(f"{FEEDBACK}/export", params={"after": lines[1]["place"]}, headers=by("ops"))
    assert [json.loads(line) for line in rest.text.splitlines()] == lines[2:]
