"""The erasure of a user over HTTP: by himself or by an admin who says whose; foreign and absent look alike."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to

KEYS = {
    "web": new_key("web", Role.SERVICE),
    "boss": new_key("boss", Role.ADMIN),
    "operator": new_key("operator", Role.OPERATOR),
    "acme/web": new_key("acme/web", Role.SERVICE),
    "acme/boss": new_key("acme/boss", Role.ADMIN),
    "globex/web": new_key("globex/web", Role.SERVICE),
    "globex/boss": new_key("globex/boss", Role.ADMIN),
}


@pytest.fixture
async def router(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(open_to(KEYS, cloud_settings)) as asked:
        yield asked


def by(who: str) -> dict[str, str]:
    return headers_of(KEYS, who)


async def say(router: httpx2.AsyncClient, who: str, user: str | None = None) -> None:
    context = {"session_id": "s1", **({"user_id": user} if user else {})}
    asked = await router.post("/api/v2/process", json={"user_input": "I feel stuck", "context": context}, headers=by(who))
    assert asked.status_code == 200


async def sessions(router: httpx2.AsyncClient, who: str, **query: str) -> int:
    answer = await router.get("/api/v2/sessions", params=query, headers=by(who))
    return len(answer.json()["sessions"])


async def erase(router: httpx2.AsyncClient, who: str, user: str, **query: str) -> httpx2.Response:
    return await router.delete(f"/api/v2/users/{user}", params=query, headers=by(who))


def same(answer: httpx2.Response) -> dict[str, Any]:
    """A body without what belongs to one call."""
    return {name: value for name, value in answer.json().items() if name not in ("request_id", "timestamp")}


async def test_a_mentee_erases_itself_twice_with_the_same_answer_and_asks_how_far_it_is(router: httpx2.AsyncClient) -> None:
    for user in (None, "kim"):
        await say(router, "kim", user)
    await say(router, "lee")
    first = await erase(router, "kim", "kim")
    assert first.status_code == 200
    assert first.json()["state"] == "done"
    assert first.json()["erased"] == {"sessions": 2, "batch_items": 0, "results": 0, "ratings": 0, "profile": 0, "exposures": 0}
    assert await sessions(router, "kim") == 0
    assert await sessions(router, "lee") == 1
    assert same(await erase(router, "kim", "kim")) == same(first)
    told = await router.get("/api/v2/users/kim/erasure", headers=by("kim"))
    assert same(told) == same(first)


async def test_an_admin_says_whose_user_is_meant_and_anothers_of_the_same_name_stays(router: httpx2.AsyncClient) -> None:
    await say(router, "web", "u1")
    await say(router, "acme/web", "u1")
    await say(router, "globex/web", "u1")
    assert (await erase(router, "acme/boss", "u1")).json()["erased"]["sessions"] == 1
    assert await sessions(router, "acme/web", user_id="u1") == 0
    assert await sessions(router, "globex/web", user_id="u1") == 1
    assert (await erase(router, "boss", "u1", caller="key:web")).json()["erased"]["sessions"] == 1
    assert (await erase(router, "boss", "u1", tenant="globex")).json()["erased"]["sessions"] == 1
    assert await sessions(router, "web", user_id="u1") == await sessions(router, "globex/web", user_id="u1") == 0


@pytest.mark.parametrize(
    ("who", "user", "query", "status"),
    [
        ("lee", "kim", {}, 403),
        ("web", "kim", {}, 403),
        ("operator", "kim", {}, 403),
        ("acme/boss", "kim", {"tenant": "globex"}, 403),
        ("kim", "kim", {"tenant": "globex"}, 403),
    ],
)
async def test_nobody_else_may(router: httpx2.AsyncClient, who: str, user: str, query: dict[str, str], status: int) -> None:
    await say(router, "kim")
    assert (await erase(router, who, user, **query)).status_code == status
    answer = await router.get(f"/api/v2/users/{user}/erasure", params=query, headers=by(who))
    assert answer.status_code == status
    assert await sessions(router, "kim") == 1


@pytest.mark.parametrize("user", ["%00%ff", "x" * 129, "a%20b", "%F0%9F%92%9B"])
async def test_an_id_that_no_request_may_name_is_refused_and_leaves_nothing(router: httpx2.AsyncClient, user: str) -> None:
    answer = await erase(router, "acme/boss", user)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "id")


async def test_a_token_of_a_subject_that_no_request_may_name_erases_its_own(router: httpx2.AsyncClient) -> None:
    await say(router, "auth0|kim")
    assert (await erase(router, "auth0|kim", "auth0%7Ckim")).json()["erased"]["sessions"] == 1
    assert await sessions(router, "auth0|kim") == 0


async def test_who_never_was_is_erased_like_anybody_and_an_erasure_that_was_not_asked_for_is_none(
    router: httpx2.AsyncClient,
) -> None:
    assert (await router.get("/api/v2/users/nobody/erasure", headers=by("nobody"))).status_code == 404
    answer = await erase(router, "nobody", "nobody")
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
