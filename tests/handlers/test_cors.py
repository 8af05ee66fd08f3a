"""Pages of other origins: a tenant's own may call and read, any other may not, with or without a right key."""

import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from ion_mentoring.access.api_keys import NewKey, new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.settings.access import Access
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client

ACME, GLOBEX, EVIL = "https://app.acme.example", "https://globex.example:8443", "https://evil.example"
ORIGINS = {"acme": [ACME], "globex": [GLOBEX], "default": ["https://console.example"]}
PATH, ASK = "/api/v2/resonance", {"text": "I am tired"}
ALLOWED = "access-control-allow-origin"


@pytest.fixture(scope="module")
def key() -> NewKey:
    return new_key("acme/web", Role.SERVICE)


@pytest.fixture
async def asked(cloud_settings: dict[str, str], key: NewKey) -> AsyncIterator[httpx2.AsyncClient]:
    keys = f"{cloud_settings['API_KEYS']},{key.line}"
    settings = {**cloud_settings, "CORS_ORIGINS": json.dumps(ORIGINS), "API_KEYS": keys}
    async with client(build(RouterSettings.read(settings))) as made:
        yield made


async def preflight(asked: httpx2.AsyncClient, origin: str, path: str = PATH) -> httpx2.Response:
    headers = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "x-api-key"}
    return await asked.options(path, headers=headers)


async def test_a_preflight_of_a_tenants_page_is_answered_and_kept(asked: httpx2.AsyncClient) -> None:
    response = await preflight(asked, ACME)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers[ALLOWED] == ACME
    assert response.headers["access-control-allow-methods"] == "POST"
    assert "x-api-key" in response.headers["access-control-allow-headers"].split(", ")
    assert response.headers["access-control-max-age"] == "7200"
    assert response.headers["vary"] == "origin"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "*", ACME + ".evil.example", ACME.upper(), "http://app.acme.example", ACME + ":1", ""]
)
async def test_a_preflight_of_any_other_page_is_refused(asked: httpx2.AsyncClient, origin: str) -> None:
    response = await preflight(asked, origin)
    assert (response.status_code, response.json()["error"]["code"]) == (403, "FORBIDDEN")
    assert ALLOWED not in response.headers


async def test_a_preflight_for_nothing_is_not_found_and_options_alone_is_no_preflight(asked: httpx2.AsyncClient) -> None:
    assert (await preflight(asked, ACME, "/nowhere")).status_code == 404
    assert (await asked.options(PATH, headers={"origin": ACME})).status_code == 405


async def test_a_page_of_the_tenant_may_call_and_read(asked: httpx2.AsyncClient, key: NewKey) -> None:
    response = await asked.post(PATH, json=ASK, headers={"origin": ACME, "x-api-key": key.secret})
    assert (response.status_code, response.headers[ALLOWED], response.headers["vary"]) == (200, ACME, "origin")
    assert "x-request-id" in response.headers["access-control-expose-headers"]
    wrong = await asked.post(PATH, json=ASK, headers={"origin": ACME, "x-api-key": "ion_wrong"})
    assert (wrong.status_code, wrong.headers[ALLOWED]) == (401, ACME)


@pytest.mark.parametrize("origin", [EVIL, "null", GLOBEX, "https://console.example", "http://router.evil.example"])
async def test_a_key_that_a_foreign_page_sends_is_refused(asked: httpx2.AsyncClient, key: NewKey, origin: str) -> None:
    response = await asked.post(PATH, json=ASK, headers={"origin": origin, "x-api-key": key.secret})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "FORBIDDEN")
    assert response.headers.get(ALLOWED) in {None, origin}
    assert (ALLOWED in response.headers) == (origin in {GLOBEX, "https://console.example"})


async def test_a_page_of_this_server_and_whatever_is_no_page_is_at_home(asked: httpx2.AsyncClient, key: NewKey) -> None:
    for more in ({}, {"origin": "http://router"}, {"origin": "https://router", "x-forwarded-proto": "https"}):
        response = await asked.post(PATH, json=ASK, headers={**more, "x-api-key": key.secret})
        assert response.status_code == 200
        assert ALLOWED not in response.headers
    crossed = {"origin": "http://router", "x-forwarded-proto": "https", "x-api-key": key.secret}
    assert (await asked.post(PATH, json=ASK, headers=crossed)).status_code == 403


async def test_without_origins_nobody_elsewhere_is_let_in(cloud: httpx2.AsyncClient, service_key: NewKey) -> None:
    assert (await preflight(cloud, ACME)).status_code == 403
    response = await cloud.post(PATH, json=ASK, headers={"origin": ACME, "x-api-key": service_key.secret})
    assert response.status_code == 403


@pytest.mark.parametrize("path", ["/api/v2/process", "/api/v2/health", "/api", "/chat", "/api/persona/process", "/api/nowhere"])
async def test_a_call_over_plain_http_is_refused_and_told_why(cloud: httpx2.AsyncClient, path: str) -> None:
    for mark in ({"x-forwarded-proto": "http"}, {"x-ion-plain-http": "1"}):
        response = await cloud.post(path, json=ASK, headers={**mark, "accept-language": "en"})
        assert response.status_code == 403
        assert "https" in response.text
        assert "strict-transport-security" not in response.headers


async def test_a_laptop_has_no_proxy_whose_word_counts(router: httpx2.AsyncClient) -> None:
    assert (await router.post(PATH, json=ASK, headers={"x-forwarded-proto": "http"})).status_code == 200


async def test_a_page_over_plain_http_is_the_load_balancers_affair(cloud: httpx2.AsyncClient) -> None:
    assert (await cloud.get("/", headers={"x-forwarded-proto": "http"})).status_code == 200


@pytest.mark.parametrize(
    "setting",
    ["*", "[]", '{"acme": "https://a.example"}', '{"acme": ["*"]}', '{"acme": ["https://*.example"]}',
     '{"acme": ["https://a.example/hunter2"]}', '{"acme": ["http://hunter2.example"]}', '{"ACME": []}', '{"acme": ["null"]}'],
)  # fmt: skip
def test_origins_that_are_none_are_refused_and_not_shown(setting: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"^CORS_ORIGINS: ") as raised:
        Access.read({"CORS_ORIGINS": setting})
    assert "hunter2" not in str(raised.value)
