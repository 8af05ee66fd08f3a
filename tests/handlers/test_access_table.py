"""Every endpoint, asked as every kind of caller for what is its own and what is not, answers as docs/access-http.md says."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from typing import Any

import httpx2
import pytest

from infra.tables.doors import KINDS, PAGE, endpoints, table, verdict
from infra.tables.pages import made_part
from ion_mentoring.access.api_keys import NewKey, new_key
from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.permissions import ERASES, NOBODY
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoint
from ion_mentoring.local.parts import free_port
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client

ENDPOINTS = {f"{endpoint.method} {endpoint.path}": endpoint for endpoint in endpoints()}
NUMBERS = count()
TIMES = ("request_id", "timestamp", "asked_at", "finished_at", "user_id")
OBJECTS = [
    name
    for name, endpoint in ENDPOINTS.items()
    if endpoint.allows.whose and "{" in name and ("/users/" not in name or endpoint.allows == ERASES)
]
PLACES = {
    "/assets/{name}": "/assets/licences.txt",
    "/docs/assets/{name}": "/docs/assets/swagger-ui.css",
    "/api/v2/personas/{name}": "/api/v2/personas/lua",
    "/api/v2/flags/{name}": "/api/v2/flags/exploration",
}
Make = Callable[[httpx2.AsyncClient, dict[str, str]], Awaitable[str]]


def key_of(caller: Caller, name: str) -> NewKey:
    (role,) = caller.roles
    return new_key(name if caller.of_the_service else f"{caller.tenant}/{name}", role)


HOLDERS = {kind: caller for kind, caller in KINDS.items() if caller.known and not caller.guest}
KEYS = {kind: key_of(caller, f"k{place}") for place, (kind, caller) in enumerate(HOLDERS.items())}
OTHERS = {kind: key_of(caller, f"o{place}") for place, (kind, caller) in enumerate(HOLDERS.items())}
PLENTY = 1_000
GUESTS = {"per_day": PLENTY, "network_per_minute": PLENTY, "network_per_day": PLENTY, "all_per_day": PLENTY}


@pytest.fixture(scope="module")
def built() -> App:
    settings = {
        "STORE": "sqlite:///:memory:",
        "ENVIRONMENT": "prod",
        "MODEL": "playbook",
        "CACHE_KEY_SECRET": "s" * 32,
        "API_KEYS": ",".join(key.line for key in (*KEYS.values(), *OTHERS.values())),
        "RATE_LIMIT_PER_MINUTE": "100000",
        "PUBSUB_EMULATOR_HOST": f"127.0.0.1:{free_port()}",  # a topic that is away: batches are kept, and wait
        "BATCH_ITEMS_PER_DAY": "1000",
        "CONSOLE_TENANTS": json.dumps([{"guests": GUESTS}]),
    }
    return build(RouterSettings.read(settings))


@pytest.fixture
async def router(built: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(built) as asked:
        yield asked


def by(kind: str, keys: dict[str, NewKey] = KEYS) -> dict[str, str]:
    return {"x-api-key": keys[kind].secret} if kind in keys else {}


async def credential(router: httpx2.AsyncClient, kind: str) -> dict[str, str]:
    if not KINDS[kind].guest:
        return by(kind)
    given = await router.post("/api/v2/guests")
    return {"authorization": f"Bearer {given.json()['token']}"}


async def asked(router: httpx2.AsyncClient, endpoint: Endpoint, path: str, headers: dict[str, str]) -> httpx2.Response:
    body: dict[str, Any] = {"json": {}} if endpoint.takes else {}
    return await router.request(endpoint.method, path, headers=headers, **body)


async def session(router: httpx2.AsyncClient, headers: dict[str, str]) -> str:
    name = f"s{next(NUMBERS)}"
    question = {"user_input": "I feel stuck", "context": {"session_id": name}}
    assert (await router.post("/api/v2/process", json=question, headers=headers)).status_code == 200
    return name


async def key(router: httpx2.AsyncClient, headers: dict[str, str]) -> str:
    made = await router.post("/api/v2/api-keys", json={"name": "mine", "role": "mentee"}, headers=headers)
    return str(made.json()["key"]["id"])


async def batch(router: httpx2.AsyncClient, headers: dict[str, str]) -> str:
    body = {"requests": [{"user_input": "I feel stuck"}]}
    made = await router.post("/api/v2/batches", json=body, headers=headers)
    found: str = made.json()["batch"]["id"]
    await router.delete(f"/api/v2/batches/{found}", headers=headers)  # so that they do not run out
    return found


async def answer(router: httpx2.AsyncClient, headers: dict[str, str]) -> str:
    given = await router.post("/api/v2/process", json={"user_input": "I feel stuck"}, headers=headers)
    return str(given.json()["request_id"])


async def rating(router: httpx2.AsyncClient, headers: dict[str, str]) -> str:
    name = f"r{next(NUMBERS)}"
    rated = await router.post("/api/v2/feedback", json={"request_id": name, "verdict": "up"}, headers=headers)
    assert rated.status_code == 200
    return name


async def user(router: httpx2.AsyncClient, headers: dict[str, str]) -> str:
    name = f"u{next(NUMBERS)}"
    assert (await router.delete(f"/api/v2/users/{name}", headers=headers)).status_code == 200
    return name


BATCH = "/api/v2/batches/{id}"
USER = "/api/v2/users/{id}"
MAKERS: dict[str, Make] = {
    "/api/v2/sessions/{id}": session,
    "/api/v2/feedback/{id}": rating,
    "/api/v2/api-keys/{id}": key,
    "/api/v2/answers/{id}/why": answer,
    "/api/v2/api-keys/{id}/rotate": key,
    **dict.fromkeys((USER, f"{USER}/erasure", f"{USER}/export"), user),
    **dict.fromkeys((BATCH, f"{BATCH}/results", f"{BATCH}/replay"), batch),
}


def test_the_page_has_the_table() -> None:
    assert made_part(PAGE) == table(ENDPOINTS.values()), "python -m infra.tables.doors --write puts it into the page"


def test_every_endpoint_states_who_may_use_it() -> None:
    assert [name for name, endpoint in ENDPOINTS.items() if endpoint.allows == NOBODY] == []


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_caller_is_let_in_or_refused_as_stated(router: httpx2.AsyncClient, name: str, kind: str) -> None:
    endpoint = ENDPOINTS[name]
    stated = verdict(endpoint.allows, KINDS[kind])
    path = PLACES.get(endpoint.path, endpoint.path.replace("{", "absent-").replace("}", ""))
    status = (await asked(router, endpoint, path, await credential(router, kind))).status_code
    if stated == 200:
        absent = name in OBJECTS or "/experiments/{id}" in name  # there is no experiment of that id
        assert status in ({404, 200} if absent else {200, 415, 422})
    else:
        assert status == stated


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name in OBJECTS for kind in KEYS if verdict(ENDPOINTS[name].allows, KINDS[kind]) == 200],
)
async def test_what_is_foreign_is_absent_and_what_is_own_is_there(router: httpx2.AsyncClient, name: str, kind: str) -> None:
    endpoint = ENDPOINTS[name]
    made = endpoint.path.replace("{id}", await MAKERS[endpoint.path](router, by(kind)))
    absent = await asked(router, endpoint, endpoint.path.replace("{id}", f"absent-{next(NUMBERS)}"), by(kind))
    for other in KEYS:
        if reaches(KINDS[other], KINDS[kind], endpoint):
            continue
        foreign = await asked(router, endpoint, made, by(other, OTHERS))
        if foreign.status_code != 403:
            assert lasting(foreign) == lasting(absent)
    assert (await asked(router, endpoint, made, by(kind))).status_code in (200, 409)  # there, if in another state


def reaches(caller: Caller, owner: Caller, endpoint: Endpoint) -> bool:
    """True for another caller to whom it belongs as well."""
    if endpoint.path.startswith(USER) and Role.ADMIN in caller.roles and not caller.of_the_service:
        return caller.tenant == owner.tenant
    if endpoint.path.startswith(BATCH) and Role.ADMIN in caller.roles:
        return caller.tenant == owner.tenant
    return endpoint.allows.whose == "tenant" and (caller.tenant == owner.tenant or caller.of_the_service)


def lasting(response: httpx2.Response) -> tuple[int, Any]:
    body = {name: value for name, value in response.json().items() if name not in TIMES}
    return response.status_code, body


@pytest.mark.parametrize("kind", KINDS)
async def test_what_no_endpoint_is_at_is_not_there_for_anybody(router: httpx2.AsyncClient, kind: str) -> None:
    for path in ("/api/v2/nothing", "/api/v2/sessions/a/b", "/api/v2", "/admin"):
        assert (await router.get(path, headers=await credential(router, kind))).status_code == 404
