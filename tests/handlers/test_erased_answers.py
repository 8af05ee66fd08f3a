"""What instances and caches hold of answers is not told any more once their person was erased; what comes after is."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.access.owners import person_of
from ion_mentoring.wiring import clients
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to

KEYS = {"acme/web": new_key("acme/web", Role.SERVICE), "acme/boss": new_key("acme/boss", Role.ADMIN)}
TEXT = "My boss Mark Smith shouted at me again, and I cannot sleep"
ME: dict[str, Any] = {"who": "kim", "user": "kim", "erased_by": "kim"}
OURS: dict[str, Any] = {"who": "acme/web", "user": "u1", "erased_by": "acme/boss"}


@pytest.fixture(params=["L1 alone", "L1 and L2"])
async def routers(
    cloud_settings: dict[str, str], request: pytest.FixtureRequest
) -> AsyncIterator[tuple[httpx2.AsyncClient, httpx2.AsyncClient]]:
    """The instance that answers, and the one that is asked to erase: another one where they share a store and an L2."""
    if request.param == "L1 alone":
        async with client(open_to(KEYS, cloud_settings)) as only:
            yield only, only
        return
    port, store = request.getfixturevalue("valkey_port"), request.getfixturevalue("tmp_path") / "ion.sqlite3"
    shared = {"CACHE_URL": f"redis://127.0.0.1:{port}", "STORE": f"sqlite:///{store}", "CACHE_KEY_SECRET": "s" * 32}
    settings = {**cloud_settings, **shared}
    async with client(open_to(KEYS, settings)) as first, client(open_to(KEYS, settings)) as second:
        yield first, second
    await clients.close()


def said(user: str) -> dict[str, Any]:
    return {"user_input": TEXT, "context": {"user_id": user}}


async def erase(router: httpx2.AsyncClient, whose: dict[str, Any]) -> None:
    answer = await router.delete(f"/api/v2/users/{whose['user']}", headers=headers_of(KEYS, whose["erased_by"]))
    assert (answer.status_code, answer.json()["state"]) == (200, "done")


async def test_why_is_not_told_of_before_and_is_of_after(routers: tuple[httpx2.AsyncClient, httpx2.AsyncClient]) -> None:
    router, other = routers
    me = headers_of(KEYS, "kim")
    before = (await router.post("/api/v2/process", json=said("kim"), headers=me)).json()["request_id"]
    assert (await router.get(f"/api/v2/answers/{before}/why", headers=me)).status_code == 200
    for _ in range(2):
        await erase(other, ME)
        assert (await router.get(f"/api/v2/answers/{before}/why", headers=me)).status_code == 404
        after = (await router.post("/api/v2/process", json=said("kim"), headers=me)).json()["request_id"]
        assert (await router.get(f"/api/v2/answers/{after}/why", headers=me)).status_code == 200
        before = after


@pytest.mark.parametrize("whose", [ME, OURS], ids=["a mentee", "a user of a service"])
async def test_an_answer_under_an_idempotency_key_is_given_anew(
    routers: tuple[httpx2.AsyncClient, httpx2.AsyncClient], whose: dict[str, Any]
) -> None:
    router, other = routers
    headers = {**headers_of(KEYS, whose["who"]), "idempotency-key": "k1"}

    async def ask(path: str = "/api/v2/process", **more: Any) -> tuple[str, str | None]:
        answer = await router.post(path, json=more or said(whose["user"]), headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["request_id"], answer.headers.get("idempotency-replayed")

    first = await ask()
    assert await ask() == (first[0], "true")
    await erase(other, whose)
    second = await ask()
    assert (second[0] != first[0], second[1]) == (True, None)
    assert await ask() == (second[0], "true")


async def test_a_bulk_answer_with_an_erased_user_in_it_is_given_anew(
    routers: tuple[httpx2.AsyncClient, httpx2.AsyncClient],
) -> None:
    router, other = routers
    headers = {**headers_of(KEYS, "acme/web"), "idempotency-key": "many"}
    body = {"requests": [said("u2"), said("u1")]}
    first = (await router.post("/api/v2/bulk-process", json=body, headers=headers)).json()["request_id"]
    assert (await router.post("/api/v2/bulk-process", json=body, headers=headers)).json()["request_id"] == first
    await erase(other, OURS)
    assert (await router.post("/api/v2/bulk-process", json=body, headers=headers)).json()["request_id"] != first


@pytest.mark.parametrize("whose", [ME, OURS], ids=["a mentee", "a user of a service"])
@pytest.mark.parametrize("path", ["/api/v2/process", "/api/v2/chat/multi-persona"])
async def test_a_stream_is_not_gone_on_with(
    routers: tuple[httpx2.AsyncClient, httpx2.AsyncClient], whose: dict[str, Any], path: str
) -> None:
    router, other = routers
    headers = {**headers_of(KEYS, whose["who"]), "accept": "text/event-stream"}

    async def stream(last: str | None = None) -> list[tuple[str, str]]:
        more = {"last-event-id": last} if last else {}
        answer = await router.post(path, json=said(whose["user"]), headers={**headers, **more})
        assert answer.status_code == 200, answer.text
        events = [
            dict(line.split(": ", 1) for line in event.split("\n") if ": " in line) for event in answer.text.split("\n\n")
        ]
        return [(event["id"], event["event"]) for event in events if "id" in event]

    heard = await stream()
    rest = await stream(heard[1][0])
    assert rest == heard[2:]
    await erase(other, whose)
    anew = await stream(heard[1][0])
    assert anew[0][1] == "routing"
    assert not {one for one, _ in anew} & {one for one, _ in heard}


def test_a_persons_own_things_stand_under_both_names() -> None:
    assert person_of("acme/sub:kim/") == ("acme/sub:kim/", "acme/user:kim")
    assert person_of("acme/sub:a/b|c/") == ("acme/sub:a/b|c/", "acme/user:a/b|c")
    for own in ("sub:kim/", "acme/user:kim", "key:web/u1", "acme/key:web/"):
        assert person_of(own) == (own,)
