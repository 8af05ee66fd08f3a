"""Who may call what, and how often."""

import json
import re
import time

import httpx2
import jwt
import pytest
from msgspec.structs import replace

from ion_mentoring.access.api_keys import NewKey
from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.router import build
from tests.access.broken_tokens import SECRET, broken
from tests.fakes import client

ASK = {"user_input": "How do I prepare for an interview?"}


async def test_outside_a_laptop_a_question_needs_a_credential(cloud: httpx2.AsyncClient) -> None:
    response = await cloud.post("/api/v2/process", json=ASK)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "UNAUTHENTICATED"
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_key_opens_what_its_role_may(cloud: httpx2.AsyncClient, mentee_key: NewKey, operator_key: NewKey) -> None:
    mentee, operator = {"x-api-key": mentee_key.secret}, {"x-api-key": operator_key.secret}
    assert (await cloud.post("/api/v2/process", json=ASK, headers=mentee)).status_code == 200
    assert (await cloud.get("/api/v2/cache-stats", headers=mentee)).status_code == 403
    assert (await cloud.get("/api/v2/cache-stats", headers=operator)).status_code == 200
    refused = await cloud.post("/api/v2/bulk-process", json={"requests": [ASK]}, headers=mentee)
    assert refused.json()["error"]["details"] == {"needs": ["service"]}


async def test_a_wrong_key_is_refused_even_where_none_is_needed(cloud: httpx2.AsyncClient, router: httpx2.AsyncClient) -> None:
    for asked in (cloud, router):
        response = await asked.get("/api/v2/personas", headers={"x-api-key": "ion_wrong"})
        assert response.status_code == 401
        assert "ion_wrong" not in response.text


async def test_the_public_part_is_open_to_anyone(cloud: httpx2.AsyncClient) -> None:
    for path in ("/", "/docs", "/openapi.json", "/health", "/api/v2/health", "/api/v2/status", "/api/v2/personas"):
        assert (await cloud.get(path)).status_code == 200


async def test_v1_stays_open_unless_it_is_closed(cloud: httpx2.AsyncClient, cloud_settings: dict[str, str]) -> None:
    assert (await cloud.post("/chat", json={"message": "hello there"})).status_code == 200
    async with client(build(RouterSettings.read({**cloud_settings, "V1_OPEN": "false"}))) as closed:
        response = await closed.post("/chat", json={"message": "hello there"})
    assert response.status_code == 401
    assert set(response.json()) == {"detail"}


async def test_a_token_is_taken_as_its_claims_say(cloud_settings: dict[str, str]) -> None:
    settings = {**cloud_settings, "JWT_KEY": SECRET, "JWT_ALGORITHM": "HS256", "JWT_ISSUER": "iss", "JWT_AUDIENCE": "ion"}
    claims = {"sub": "kim", "iss": "iss", "aud": "ion", "exp": time.time() + 60}
    async with client(build(RouterSettings.read(settings))) as asked:

        async def status(**changed: object) -> int:
            token = jwt.encode({**claims, **changed}, SECRET, "HS256")
            headers = {"authorization": f"Bearer {token}"}
            return (await asked.get("/api/v2/cache-stats", headers=headers)).status_code

        assert await status() == 403
        assert await status(roles=["operator"]) == 200
        assert await status(roles=["operator"], aud="other") == 401
        assert await status(roles=["operator"], exp=time.time() - 60) == 401
        assert await status(roles="operator") == 401
        unsigned = {"authorization": f"Bearer {jwt.encode(claims, None, 'none')}"}
        assert (await asked.get("/api/v2/cache-stats", headers=unsigned)).status_code == 401


async def test_no_broken_token_opens_anything_or_breaks_the_door(cloud_settings: dict[str, str]) -> None:
    named = {"JWT_KEY": SECRET, "JWT_ALGORITHM": "HS256", "JWT_ISSUER": "iss", "JWT_AUDIENCE": "ion"}
    async with client(build(RouterSettings.read({**cloud_settings, **named, "FORWARDED_HOPS": "1"}))) as asked:
        for place, (kind, token) in enumerate(broken(time.time(), passes_s=600).items()):
            headers = [(b"authorization", b"Bearer " + token.encode("latin-1")), (b"x-forwarded-for", b"10.1.1.%d" % place)]
            response = await asked.get("/api/v2/personas", headers=headers)
            assert (response.status_code, response.json()["error"]["code"]) == (401, "UNAUTHENTICATED"), kind


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer ", "token"])
async def test_what_is_no_bearer_token_is_refused(cloud: httpx2.AsyncClient, header: str) -> None:
    assert (await cloud.get("/api/v2/personas", headers={"authorization": header})).status_code == 401


async def test_over_the_rate_a_caller_is_told_when_to_come_back(cloud_settings: dict[str, str], service_key: NewKey) -> None:
    headers = {"x-api-key": service_key.secret}
    async with client(build(RouterSettings.read({**cloud_settings, "RATE_LIMIT_PER_MINUTE": "3"}))) as asked:
        answers = [await asked.get("/api/v2/personas", headers=headers) for _ in range(8)]
        other = await asked.get("/api/v2/personas")
        health = await asked.get("/api/v2/health", headers=headers)
    statuses = [answer.status_code for answer in answers]
    assert 3 <= statuses.count(200) <= 6  # 6 where the minute turned over meanwhile
    last = answers[-1]
    if last.status_code == 429:
        assert last.json()["error"]["code"] == "RATE_LIMITED"
        assert 1 <= int(last.headers["retry-after"]) <= 60
        assert (last.headers["ratelimit-limit"], last.headers["ratelimit-remaining"]) == ("3", "0")
    assert answers[0].headers["ratelimit-remaining"] == "2"
    assert other.status_code == 200
    assert health.status_code == 200


async def test_the_log_says_who_is_refused(cloud_settings: dict[str, str], service_key: NewKey) -> None:
    lines: list[str] = []
    settings = RouterSettings.read({**cloud_settings, "RATE_LIMIT_PER_MINUTE": "1"})
    async with client(replace(build(settings), log=EventLog("router", lines.append, level="DEBUG"))) as asked:
        for _ in range(4):
            await asked.get("/api/v2/personas", headers={"x-api-key": service_key.secret})
        await asked.get("/nowhere")
    events = [event for event in map(json.loads, lines) if event["message"] == "APIRequestEvent"]
    told = {(event["error"], event["caller"]) for event in events}
    assert told == {(None, None), ("RATE_LIMITED", f"key:{service_key.line.partition(':')[0]}"), ("NOT_FOUND", None)}


async def test_strangers_are_counted_by_the_address_that_the_load_balancer_saw(cloud_settings: dict[str, str]) -> None:
    async with client(build(RouterSettings.read({**cloud_settings, "RATE_LIMIT_PER_MINUTE": "1"}))) as asked:

        async def remaining(forwarded: str) -> str:
            return (await asked.get("/api/v2/personas", headers={"x-forwarded-for": forwarded})).headers["ratelimit-remaining"]

        await remaining("203.0.113.1, 130.211.0.1")
        spoofed = await asked.get("/api/v2/personas", headers={"x-forwarded-for": "1.2.3.4, 203.0.113.1, 130.211.0.1"})
        assert spoofed.status_code == 429
        assert await remaining("203.0.113.2, 130.211.0.1") == "0"
        assert (await asked.get("/api/v2/personas", headers={"x-forwarded-for": "only-one"})).status_code == 200


async def test_behind_a_proxy_that_adds_a_line_of_its_own_nobody_passes_for_ever(cloud_settings: dict[str, str]) -> None:
    few = {**cloud_settings, "RATE_LIMIT_PER_MINUTE": "5", "FORWARDED_HOPS": "1"}
    async with client(build(RouterSettings.read(few))) as asked:

        async def status(made_up: str, seen: str) -> int:
            headers = [("x-forwarded-for", made_up), ("x-forwarded-for", seen)]
            return (await asked.post("/chat", json={"message": "hello there"}, headers=headers)).status_code

        assert [await status(f"9.9.9.{n}", "203.0.113.9") for n in range(7)] == [200] * 5 + [429] * 2
        assert await status("9.9.9.9", "::ffff:203.0.113.9") == 429
        assert [await status("9.9.9.9", f"[2001:db8:1:2::{n}]:{n}") for n in range(1, 9)] == [200] * 5 + [429] * 3
        assert [await status("9.9.9.9", f"garbage {n}") for n in range(7)] == [200] * 5 + [429] * 2


def from_(address: str, secret: str) -> dict[str, str]:
    return {"x-forwarded-for": f"{address}, 130.211.0.1", "x-api-key": secret}


async def test_whoever_tries_sixty_credentials_in_a_minute_is_shut_out_and_nobody_else_is(
    cloud_settings: dict[str, str], mentee_key: NewKey
) -> None:
    lines: list[str] = []
    router, log = build(RouterSettings.read(cloud_settings)), EventLog("router", lines.append)
    assert router.authenticator
    async with client(replace(router, log=log, authenticator=replace(router.authenticator, log=log))) as asked:

        async def tried(address: str, secret: str) -> httpx2.Response:
            return await asked.get("/api/v2/personas/lua", headers=from_(address, secret))

        first = [(await tried(f"2001:db8:1:2::{n:x}", f"ion_guess_{n}")).status_code for n in range(1, 61)]
        shut = [await tried("2001:db8:1:2:9::1", secret) for secret in ("ion_another", mentee_key.secret)]
        elsewhere = await tried("2001:db8:1:3::1", mentee_key.secret)
        stranger = await asked.get("/api/v2/personas", headers={"x-forwarded-for": "2001:db8:1:2::1, 130.211.0.1"})
    assert first == [401] * 60
    for response in shut:
        assert (response.status_code, response.json()["error"]["code"]) == (429, "RATE_LIMITED")
        assert 1 <= int(response.headers["retry-after"]) <= 60
    assert (elsewhere.status_code, stranger.status_code) == (200, 200)
    events = [event for event in map(json.loads, lines) if event.get("kind") == "credential_refused"]
    assert len(events) == 60
    assert {event["path"] for event in events} == {"/api/v2/personas/{name}"}
    assert len({event["who"] for event in events}) == 1
    assert not any("2001:db8" in line or "ion_guess" in line for line in lines)


async def test_who_brings_no_credential_is_not_taken_for_somebody_who_guesses(cloud: httpx2.AsyncClient) -> None:
    statuses = [(await cloud.post("/api/v2/process", json=ASK)).status_code for _ in range(70)]
    assert statuses == [401] * 70


async def test_a_bulk_call_costs_what_its_items_cost(cloud_settings: dict[str, str], service_key: NewKey) -> None:
    headers = {"x-api-key": service_key.secret}
    async with client(build(RouterSettings.read({**cloud_settings, "RATE_LIMIT_PER_MINUTE": "10"}))) as asked:

        async def bulk(items: int) -> httpx2.Response:
            return await asked.post("/api/v2/bulk-process", json={"requests": [ASK] * items}, headers=headers)

        six, too_many, four, more = await bulk(6), await bulk(11), await bulk(4), await bulk(1)
    assert (six.status_code, six.headers["ratelimit-remaining"]) == (200, "4")
    assert (too_many.status_code, too_many.json()["error"]["code"]) == (413, "REQUEST_TOO_LARGE")
    assert too_many.json()["error"]["details"]["limit"] == 10
    assert "minute" in too_many.json()["error"]["details"]["rule"]
    assert (four.status_code, four.json()["error"]["code"], four.headers["ratelimit-limit"]) == (429, "RATE_LIMITED", "10")
    assert "results" not in four.json()
    assert more.status_code in (200, 429)


async def test_a_bulk_call_of_as_many_items_as_are_left_is_answered(
    cloud_settings: dict[str, str], service_key: NewKey
) -> None:
    headers = {"x-api-key": service_key.secret}
    async with client(build(RouterSettings.read({**cloud_settings, "RATE_LIMIT_PER_MINUTE": "5"}))) as asked:
        body = {"requests": [ASK, {"user_input": ""}, ASK, "no item", ASK]}
        whole = await asked.post("/api/v2/bulk-process", json=body, headers=headers)
        after = await asked.post("/api/v2/process", json=ASK, headers=headers)
    assert (whole.status_code, whole.json()["total"], whole.headers["ratelimit-remaining"]) == (200, 5, "0")
    assert after.status_code == 429


async def test_what_is_left_stands_in_the_headers_of_the_draft_and_in_those_of_before(
    cloud_settings: dict[str, str], service_key: NewKey
) -> None:
    own = {"x-api-key": service_key.secret}
    limited = {"RATE_LIMIT_PER_MINUTE": "50", "RATE_LIMITS": "service=3 default/=40", "STRANGERS_PER_DAY": "2"}
    async with client(build(RouterSettings.read({**cloud_settings, **limited}))) as asked:
        first = await asked.get("/api/v2/personas", headers=own)
        refused = [await asked.get("/api/v2/personas", headers=own) for _ in range(3)][-1]
        strangers = [await asked.post("/chat", json={"message": "hello there"}) for _ in range(3)]
        free = await asked.get("/api/v2/personas")
    assert first.headers["ratelimit-policy"] == '"minute";q=3;w=60, "tenant";q=40;w=60'
    assert re.fullmatch(r'"minute";r=2;t=[0-9]+, "tenant";r=39;t=[0-9]+', first.headers["ratelimit"])
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("3", "2")
    assert refused.status_code == 429
    assert refused.headers["ratelimit"] == f'"minute";r=0;t={refused.headers["retry-after"]}'
    assert refused.headers["ratelimit-policy"] == '"minute";q=3;w=60'
    assert [stranger.status_code for stranger in strangers] == [200, 200, 429]
    assert '"day";q=2;w=86400' in strangers[0].headers["ratelimit-policy"]
    assert strangers[0].headers["ratelimit-remaining"] == "1"
    assert int(strangers[-1].headers["retry-after"]) > 80_000
    assert free.status_code == 200


async def test_a_quota_of_tokens_a_day_ends_answers_that_cost_any_and_none_about_danger(
    cloud_settings: dict[str, str], service_key: NewKey
) -> None:
    own = {"x-api-key": service_key.secret}
    router = build(RouterSettings.read({**cloud_settings, "DAILY_TOKENS": "service=10"}))
    v2 = next(one.run.__self__ for one in router.endpoints.all if one.path == "/api/v2/process")  # type: ignore[attr-defined]
    daily = v2.answer.metering.daily
    await daily.spent(Caller("key:acme", frozenset({Role.SERVICE})), 11)
    async with client(router) as asked:
        refused = await asked.post("/api/v2/process", json=ASK, headers=own)
        danger = await asked.post("/api/v2/process", json={"user_input": "I want to die"}, headers=own)
    assert (refused.status_code, refused.json()["error"]["details"]["policy"]) == (429, "tokens")
    assert '"tokens";q=10;w=86400' in refused.headers["ratelimit-policy"]
    assert danger.json()["metadata"]["safety"] == "suicide"
