"""The export of a user over HTTP: everything as one object of the contract, or as a page; streamed; nobody else's."""

import json
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx2
import pytest
from pydantic import ConfigDict, TypeAdapter

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.handlers.api.user_export import PIECE, UserExports
from ion_mentoring.handlers.contract.export_forms import JsonForm
from ion_mentoring.handlers.contract.user_exports import UserExportView
from ion_mentoring.handlers.web.app import App
from ion_mentoring.mentoring.privacy.export_user import ExportUser
from ion_mentoring.mentoring.privacy.kinds import PersonalKind, Read
from ion_mentoring.records.erasures.protocol import Erasure
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to
from tests.mentoring.privacy.world import NOW

KEYS = {
    "web": new_key("web", Role.SERVICE),
    "boss": new_key("boss", Role.ADMIN),
    "acme/web": new_key("acme/web", Role.SERVICE),
    "acme/boss": new_key("acme/boss", Role.ADMIN),
    "globex/boss": new_key("globex/boss", Role.ADMIN),
}
MENTORS = ("lua", "elro", "riri", "nana")
QUESTION = 'I feel stuck <script>alert(1)</script> & "lost" \U0001f327\ufe0f'


@pytest.fixture(scope="module")
def built() -> App:
    settings = {"STORE": "sqlite:///:memory:", "ENVIRONMENT": "prod", "MODEL": "playbook", "CACHE_KEY_SECRET": "s" * 32}
    return open_to(KEYS, settings, RATE_LIMIT_PER_MINUTE="100000")


@pytest.fixture
async def router(built: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(built) as asked:
        yield asked


def by(who: str) -> dict[str, str]:
    return headers_of(KEYS, who)


async def say(router: httpx2.AsyncClient, who: str, user: str | None = None, text: str = QUESTION) -> None:
    context = {"session_id": "s1", **({"user_id": user} if user else {})}
    asked = await router.post("/api/v2/process", json={"user_input": text, "context": context}, headers=by(who))
    assert asked.status_code == 200
    rating = {"request_id": asked.json()["request_id"], "verdict": "up", **({"user_id": user} if user else {})}
    assert (await router.post("/api/v2/feedback", json=rating, headers=by(who))).status_code == 200


async def export(router: httpx2.AsyncClient, who: str, user: str, language: str = "en", **query: str) -> httpx2.Response:
    headers = {**by(who), "accept-language": language}
    return await router.get(f"/api/v2/users/{user}/export", params=query, headers=headers)


async def test_a_mentee_gets_everything_of_its_own_in_the_form_of_the_contract(router: httpx2.AsyncClient) -> None:
    for user in (None, "kim1"):
        await say(router, "kim1", user)
    await say(router, "lee1", text="somebody else's")
    choice = {"personalise": False, "experiments": True}
    assert (await router.put("/api/v2/users/kim1/preferences", json=choice, headers=by("kim1"))).status_code == 200
    answer = await export(router, "kim1", "kim1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    config = ConfigDict(extra="forbid", strict=True)
    body: Any = TypeAdapter(type("Strict", (UserExportView,), {"__pydantic_config__": config})).validate_json(answer.content)
    assert (body["user_id"], body["complete"]) == ("kim1", True)
    assert [part["turns"][0]["content"] for part in body["sessions"]] == [QUESTION, QUESTION]
    assert [part["turns"][1]["role"] for part in body["sessions"]] == ["assistant", "assistant"]
    assert all([turn["persona"] in MENTORS for turn in part["turns"]] == [False, True] for part in body["sessions"])
    assert len(body["ratings"]) == 2
    assert body["profile"][0]["personalise"] is False
    assert {one["kind"] for one in body["kinds"] if one["exported"]} == set(body) & {one["kind"] for one in body["kinds"]}
    assert all(one["what"] and one["where"] and one["kept"] and one["why"] for one in body["kinds"])
    assert "somebody else" not in answer.text


async def test_purposes_and_times_come_in_the_callers_language(router: httpx2.AsyncClient) -> None:
    kinds = {
        language: {one["kind"]: one for one in (await export(router, "who2", "who2", language)).json()["kinds"]}
        for language in ("ko", "en")
    }
    assert kinds["en"]["sessions"]["kept"] == "30 days from the last thing said"
    assert kinds["ko"]["sessions"]["kept"] == "마지막 말부터 30일"
    assert kinds["en"]["user_keys"]["kept"] == "until it is erased"
    assert kinds["en"]["streams"]["kept"].startswith("5 minutes")


@pytest.mark.parametrize("asks", ["query", "accept"])
async def test_the_page_has_the_same_and_nothing_in_it_runs(router: httpx2.AsyncClient, asks: str) -> None:
    await say(router, f"kim-{asks}")
    path, headers = f"/api/v2/users/kim-{asks}/export", {**by(f"kim-{asks}"), "accept-language": "ko"}
    if asks == "query":
        page = await router.get(path, params={"format": "html"}, headers=headers)
    else:
        page = await router.get(path, headers={**headers, "accept": "text/html,application/xhtml+xml"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert QUESTION in unescape(page.text)
    assert 'lang="ko"' in page.text
    assert "여기까지가 전부입니다." in page.text
    assert "마지막 말부터 30일" in page.text


async def test_an_admin_says_whose_user_is_meant(router: httpx2.AsyncClient) -> None:
    await say(router, "web", "u1")
    await say(router, "acme/web", "u1", "acme's own")
    assert len((await export(router, "acme/boss", "u1")).json()["sessions"]) == 1
    assert len((await export(router, "boss", "u1", caller="key:web")).json()["sessions"]) == 1
    assert (await export(router, "globex/boss", "u1")).json()["sessions"] == []
    assert (await export(router, "boss", "kim3", caller="sub:kim3")).json()["sessions"] == []
    await say(router, "kim3")
    assert len((await export(router, "boss", "kim3", caller="sub:kim3")).json()["sessions"]) == 1


@pytest.mark.parametrize(
    ("who", "user", "query", "status"),
    [
        ("lee", "kim", {}, 403),
        ("web", "u1", {}, 403),
        ("acme/boss", "u1", {"tenant": "globex"}, 403),
        ("acme/boss", "a b", {}, 422),
        ("kim", "kim", {"format": "xml"}, 422),
    ],
)
async def test_whoever_may_not_or_asks_for_what_is_not_there(
    router: httpx2.AsyncClient, who: str, user: str, query: dict[str, str], status: int
) -> None:
    assert (await export(router, who, user, **query)).status_code == status


def exports_of(*kinds: tuple[str, Read]) -> UserExports:
    return UserExports(ExportUser([PersonalKind(name, None, read) for name, read in kinds]), (), EventLog("t", str))


async def test_it_goes_out_while_it_is_read() -> None:
    """Records by the ten thousand: never more than a piece of them waits."""
    read = 0

    async def many(_owner: str) -> AsyncIterator[object]:
        nonlocal read
        for _ in range(20_000):
            read += 1
            yield Erasure("00", NOW)

    exports = exports_of(("erasures", many))
    records = exports.export_user(["o"])
    told, ahead, largest = 0, 0, 0
    async for piece in exports._pieces(JsonForm.of({"a": 1}), await anext(records), records):
        told += piece.count(b"asked_at")
        ahead, largest = max(ahead, read - told), max(largest, len(piece))
    assert told == 20_000
    assert ahead <= 1
    assert largest < PIECE + 200


async def test_a_store_that_stops_answering_midway_leaves_a_whole_object_that_says_so() -> None:
    async def some(_owner: str) -> AsyncIterator[object]:
        yield Erasure("00", NOW)

    async def breaks(_owner: str) -> AsyncIterator[object]:
        yield Erasure("00", NOW)
        raise StoreUnavailable("away")

    exports = exports_of(("first", some), ("erasures", breaks), ("never", some))
    records = exports.export_user(["o"])
    pieces = [piece async for piece in exports._pieces(JsonForm.of({"a": 1}), await anext(records), records)]
    body = json.loads(b"".join(pieces))
    assert body["complete"] is False
    assert [len(body[name]) for name in ("first", "erasures", "never")] == [1, 1, 0]
