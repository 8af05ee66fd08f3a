"""Tokens of several issuers at the router's door, with keys that are fetched, listed and shared."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from tests.access.broken_tokens import SECRET, good, signed
from tests.access.issuers.issuer_server import P256, RSA_KEYS, IssuerServer, issuing
from tests.fakes import client

ASK = {"text": "I am tired"}
PEM = P256.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
async def issuer() -> AsyncIterator[IssuerServer]:
    async with issuing() as found:
        yield found
    await clients.close()


def settings(cloud_settings: dict[str, str], *entries: dict[str, Any]) -> RouterSettings:
    return RouterSettings.read({**cloud_settings, "JWT_ISSUERS": json.dumps(entries)})


@pytest.fixture
async def asked(issuer: IssuerServer, cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    entries = (
        {"issuer": issuer.name, "audience": "ion", "jwks_url": issuer.jwks_url, "leeway_s": 0, "lifetime_s": 3_600},
        {"issuer": "pem", "audience": "ion", "keys": [PEM], "algorithms": ["ES256"], "roles": ["mentee", "operator"]},
        {"issuer": "shared", "audience": "ion", "secret": SECRET, "algorithms": ["HS256"], "types": ["at+jwt"]},
    )
    async with client(build(settings(cloud_settings, *entries))) as made:
        yield made


async def status(asked: httpx2.AsyncClient, token: str, path: str = "resonance") -> int:
    return (await asked.post(f"/api/v2/{path}", json=ASK, headers={"authorization": f"Bearer {token}"})).status_code


def by_pem(now: float, **changed: Any) -> str:
    return jwt.encode(good(now, iss="pem", **changed), P256, "ES256")


async def test_tokens_of_each_issuer_are_taken_by_its_own_rules_alone(asked: httpx2.AsyncClient, issuer: IssuerServer) -> None:
    now = jwt.decode(issuer.token(), options={"verify_signature": False})["iat"]
    assert await status(asked, issuer.token()) == 200
    assert await status(asked, by_pem(now)) == 200
    assert await status(asked, signed(good(now, iss="shared"), {"alg": "HS256", "typ": "at+jwt"})) == 200
    for wrong in (
        issuer.token(iss="pem"),
        issuer.token(aud="another"),
        issuer.token(iss="nobody"),
        issuer.token(iat=now + 20),
        issuer.token(exp=now + 3_700),
        jwt.encode(good(now, iss="pem"), RSA_KEYS[0], "RS256"),
        signed(good(now, iss="shared")),
        signed(good(now, iss="pem"), {"alg": "HS256", "typ": "JWT"}, PEM),
        signed(good(now, iss=issuer.name), {"alg": "HS256", "typ": "JWT"}),
    ):
        assert await status(asked, wrong) == 401


async def test_an_issuers_tokens_carry_no_role_that_it_may_not_give(asked: httpx2.AsyncClient, issuer: IssuerServer) -> None:
    now = jwt.decode(issuer.token(), options={"verify_signature": False})["iat"]
    stats = "/api/v2/cache-stats"
    for token, expected in ((by_pem(now, roles=["operator"]), 200), (issuer.token(roles=["operator", "mentee"]), 403)):
        assert (await asked.get(stats, headers={"authorization": f"Bearer {token}"})).status_code == expected


async def test_keys_are_on_their_way_before_the_first_token_comes(issuer: IssuerServer, cloud_settings: dict[str, str]) -> None:
    entry = {"issuer": issuer.name, "audience": "ion", "jwks_url": issuer.jwks_url}
    async with client(build(settings(cloud_settings, entry))) as made:
        await asyncio.wait_for(issuer.asked.wait(), 5)
        assert await status(made, issuer.token()) == 200
    assert issuer.fetches == 1


async def test_nobody_is_told_off_while_the_issuer_is_away(issuer: IssuerServer, cloud_settings: dict[str, str]) -> None:
    entry = {"issuer": "away", "audience": "ion", "jwks_url": "http://127.0.0.1:1/jwks"}
    async with client(build(settings(cloud_settings, entry))) as made:
        response = await made.post(
            "/api/v2/resonance", json=ASK, headers={"authorization": f"Bearer {issuer.token(iss='away')}"}
        )
    assert (response.status_code, response.json()["error"]["code"]) == (503, "ISSUER_UNAVAILABLE")
    assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize("entry", [{"keys": ["hunter2"]}, {"secret": "hunter2", "algorithms": ["HS256"]}])
def test_a_key_that_fits_nothing_is_refused_by_its_setting(entry: dict[str, Any], cloud_settings: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid, match="JWT_ISSUERS") as raised:
        build(settings(cloud_settings, {"issuer": "x", "audience": "ion", **entry}))
    assert "hunter2" not in str(raised.value)


HOME = "https://eu.mentoring.example"
ABROAD = {"issuer": "pem", "audience": "ion", "keys": [PEM], "algorithms": ["ES256"], "tenant": "school", "home": HOME}


@pytest.mark.parametrize("path", ["/api/v2/process", "/api/v2/users/me/export", "/api/v2/cache-stats"])
async def test_whose_home_is_another_set_is_led_there_before_anything_is_read(
    issuer: IssuerServer, cloud_settings: dict[str, str], path: str
) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(b"")
        yield json.dumps({"user_input": "words that stay at home"}).encode()

    now = jwt.decode(issuer.token(), options={"verify_signature": False})["iat"]
    async with client(build(settings(cloud_settings, ABROAD))) as made:
        for language, said in (("ko", "읽지 않았습니다"), ("en", "was not read here")):
            sent = {"authorization": f"Bearer {by_pem(now)}", "content-type": "application/json", "accept-language": language}
            response = await (
                made.post(path, content=body(), headers=sent) if "process" in path else made.get(path, headers=sent)
            )
            error = response.json()["error"]
            assert (response.status_code, error["code"], error["details"]) == (421, "HOME_ELSEWHERE", {"home": HOME})
            assert said in error["message"]
    assert read == []


async def test_only_a_token_that_holds_is_told_where_its_home_is(issuer: IssuerServer, cloud_settings: dict[str, str]) -> None:
    now = jwt.decode(issuer.token(), options={"verify_signature": False})["iat"]
    async with client(build(settings(cloud_settings, ABROAD))) as made:
        for wrong in (
            by_pem(now, exp=now - 1),
            by_pem(now, aud="another"),
            jwt.encode(good(now, iss="pem"), RSA_KEYS[0], "RS256"),
        ):
            assert await status(made, wrong) == 401
        assert await status(made, by_pem(now)) == 421


@pytest.mark.parametrize("home", ["http://eu.mentoring.example", f"{HOME}/path", "eu", "https://"])
def test_a_home_is_the_origin_of_a_set(home: str, cloud_settings: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid, match="JWT_ISSUERS: entry 1: home: "):
        settings(cloud_settings, {**ABROAD, "home": home})
