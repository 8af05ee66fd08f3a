"""Consent: nothing is done for a purpose that nobody agreed to, a child's guardian agrees first, and danger needs none."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.backends.guard import Guards
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.profiles import guarded
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from ion_mentoring.wiring.stores import sqlite_database
from tests.fakes import client
from tests.handlers.batch_set import batch_set
from tests.handlers.signed_in import TOKENS, headers_of, open_to
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

ALL = ["keep", "learn", "feelings", "abroad"]
TEXT = "팀장이 또 제 말을 끊었어요!!! 진짜 너무 화나고 답답해서 미치겠어요. 어떻게 해야 할까요?"
DANGER = "죽고 싶어요. 오늘 밤에 끝내려고 해요."
DOUBT = "what is the point of all this"
YES = {"notice": "2026-11", "purposes": dict.fromkeys(ALL, True)}
KEYS = {
    "web": new_key("web", Role.SERVICE),
    "boss": new_key("boss", Role.ADMIN),
    "acme/web": new_key("acme/web", Role.SERVICE),
    "school/web": new_key("school/web", Role.SERVICE),
}
TERMS: list[dict[str, Any]] = [
    {"notice": "2026-11", "asks": ALL},
    {"tenant": "school", "notice": "2026-11", "child_below": 14, "asks": ["keep"]},
]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """How fast the store is on a busy machine is not what is asked here."""
    monkeypatch.setattr(guarded, "READ_WITHIN_S", 30.0)


@asynccontextmanager
async def opened(settings: dict[str, str], terms: list[dict[str, Any]], **more: str) -> AsyncIterator[httpx2.AsyncClient]:
    built = open_to(KEYS, settings, CONSENT_TERMS=json.dumps(terms), RATE_LIMIT_PER_MINUTE="9999", **more)
    try:
        async with client(built) as asked:
            yield asked
    finally:
        await clients.close()


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(lambda request: Plan(pieces=("From", " abroad."))) as running:
        yield running


@pytest.fixture
async def router(cloud_settings: dict[str, str], tmp_path: Path, vendor: Vendor) -> AsyncIterator[httpx2.AsyncClient]:
    store = {"STORE": f"sqlite:///{tmp_path}/ion", "SEALING_KEY_FILE": f"{tmp_path}/sealing.key"}
    model = {"MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1"}
    async with opened({**cloud_settings, **store, **model}, TERMS) as asked:
        yield asked


async def answer(router: httpx2.AsyncClient, who: str, text: str = TEXT, **context: Any) -> httpx2.Response:
    body = {"user_input": text, "context": context}
    return await router.post("/api/v2/process", json=body, headers=headers_of(KEYS, who))


async def agree(router: httpx2.AsyncClient, who: str, user: str = "me", **body: Any) -> Any:
    given = await router.put(f"/api/v2/users/{user}/consent", json=body, headers=headers_of(KEYS, who))
    assert given.status_code == 200, given.text
    return given.json()


async def refused(router: httpx2.AsyncClient, who: str, user: str = "me", **body: Any) -> tuple[int, str, str]:
    given = await router.put(f"/api/v2/users/{user}/consent", json=body, headers=headers_of(KEYS, who))
    error = given.json()["error"]
    return given.status_code, error["code"], error["field"]


async def rows(tmp_path: Path, table: str) -> int:
    database = sqlite_database(f"{tmp_path}/ion")
    ((count,),) = await database.read(f"SELECT COUNT(*) FROM {table}")
    await database.close()
    return int(count)


async def test_without_consent_nothing_is_kept_learnt_read_or_sent_abroad(
    router: httpx2.AsyncClient, vendor: Vendor, tmp_path: Path
) -> None:
    given = (await answer(router, "kim", session_id="s")).json()
    assert given["metadata"]["unagreed"] == ALL
    assert given["metadata"]["model"] == "playbook"
    assert given["metadata"]["degraded"] == [], "what nobody agreed to is not replaced: it is left out"
    assert given["resonance_key"].startswith("calm-medium-")
    assert (vendor.requests, await rows(tmp_path, "turns")) == ([], 0)
    rating = {"request_id": given["request_id"], "receipt": given["metadata"]["receipt"], "verdict": "up"}
    told = await router.post("/api/v2/feedback", json=rating, headers=headers_of(KEYS, "kim"))
    assert (told.status_code, told.json()["error"]["code"]) == (403, "CONSENT_REQUIRED")
    assert told.json()["error"]["details"] == {"notice": "2026-11", "purpose": "learn"}


async def test_with_it_everything_is_as_at_a_tenant_that_asks_for_none(
    router: httpx2.AsyncClient, vendor: Vendor, tmp_path: Path
) -> None:
    assert (await agree(router, "kim", **YES))["missing"] == []
    given = (await answer(router, "kim", session_id="s")).json()
    assert given["content"] == "From abroad."
    assert "unagreed" not in given["metadata"]
    assert not given["resonance_key"].startswith("calm")
    assert (len(vendor.requests), await rows(tmp_path, "turns")) == (1, 2)
    plain = (await answer(router, "acme/web", user_id="lee", session_id="s")).json()
    assert (plain["content"], "unagreed" in plain["metadata"]) == ("From abroad.", False)


@pytest.mark.parametrize("purpose", ALL)
async def test_each_purpose_is_agreed_to_apart(
    router: httpx2.AsyncClient, vendor: Vendor, tmp_path: Path, purpose: str
) -> None:
    given = await agree(router, "kim", notice="2026-11", purposes={purpose: True})
    assert given["missing"] == [one for one in ALL if one != purpose]
    assert given["purposes"][purpose] | {"at": ""} == {"agreed": True, "notice": "2026-11", "at": "", "by": "person"}
    said = (await answer(router, "kim", session_id="s")).json()
    done = {
        "keep": await rows(tmp_path, "turns") > 0,
        "feelings": not said["resonance_key"].startswith("calm-medium-"),
        "abroad": bool(vendor.requests),
    }
    assert done == {one: one == purpose for one in done}


async def test_another_notice_is_asked_for_anew(cloud_settings: dict[str, str], tmp_path: Path) -> None:
    settings = {**cloud_settings, "STORE": f"sqlite:///{tmp_path}/ion", "SEALING_KEY_FILE": f"{tmp_path}/key"}
    async with opened(settings, TERMS) as before:
        await agree(before, "kim", **YES)
    async with opened(settings, [{"notice": "2027-01", "asks": ["keep"]}]) as after:
        assert (await answer(after, "kim")).json()["metadata"]["unagreed"] == ["keep"]
        assert await refused(after, "kim", **YES) == (422, "VALIDATION_ERROR", "notice")
        assert (await agree(after, "kim", notice="2027-01", purposes={"keep": True}))["missing"] == []


async def test_what_was_kept_for_a_purpose_goes_with_the_consent_to_it(router: httpx2.AsyncClient, tmp_path: Path) -> None:
    await agree(router, "kim", **YES)
    given = (await answer(router, "kim", session_id="s")).json()
    rating = {"request_id": given["request_id"], "receipt": given["metadata"]["receipt"], "verdict": "up"}
    assert (await router.post("/api/v2/feedback", json=rating, headers=headers_of(KEYS, "kim"))).status_code == 200
    assert (await rows(tmp_path, "turns"), await rows(tmp_path, "feedback")) == (2, 1)
    left = await agree(router, "kim", purposes={"keep": False})
    assert (left["missing"], left["purposes"]["keep"]["agreed"]) == (["keep"], False)
    assert (await rows(tmp_path, "turns"), await rows(tmp_path, "feedback")) == (0, 1)
    gone = await router.delete("/api/v2/users/me/consent", headers=headers_of(KEYS, "kim"))
    assert gone.json()["missing"] == ALL
    assert await rows(tmp_path, "feedback") == 0
    assert (await answer(router, "kim")).json()["metadata"]["unagreed"] == ALL, "at once, in this instance"


async def test_an_answer_of_before_is_not_given_again_once_nothing_may_be_kept(router: httpx2.AsyncClient) -> None:
    async def again() -> tuple[bool, int]:
        headers = headers_of(KEYS, "kim") | {"idempotency-key": "once"}
        given = await router.post("/api/v2/process", json={"user_input": TEXT}, headers=headers)
        return given.headers.get("idempotency-replayed") == "true", given.status_code

    await agree(router, "kim", **YES)
    assert [await again(), await again()] == [(False, 200), (True, 200)]
    await agree(router, "kim", purposes={"keep": False})
    assert await again() == (False, 200)
    await agree(router, "kim", **YES)
    assert await again() == (False, 200)
    assert await again() == (True, 200)


async def test_below_the_age_a_guardian_agrees_first_and_only_the_tenant_tells_it(router: httpx2.AsyncClient) -> None:
    async def asked() -> tuple[int, str]:
        found = await answer(router, "school/web", user_id="mina")
        return found.status_code, found.json().get("error", {}).get("field", "")

    assert await asked() == (403, "consent.child"), "nobody has told"
    await agree(router, "school/web", "mina", child=True)
    assert await asked() == (403, "consent.guardian")
    given = await agree(router, "school/web", "mina", guardian="message", notice="2026-11", purposes={"keep": True})
    assert (given["guardian"]["means"], given["purposes"]["keep"]["by"], given["answered"]) == ("message", "guardian", True)
    assert await asked() == (200, "")
    assert (await agree(router, "school/web", "mina", child=False))["guardian"] is None, "who is none any more has no guardian"


@pytest.mark.parametrize(
    ("body", "field"),
    [({"guardian": "card"}, "guardian"), ({"child": False}, "child"), (YES, "purposes")],
    ids=["its guardian", "its age", "its own consent"],
)
async def test_a_child_cannot_speak_for_its_guardian(router: httpx2.AsyncClient, body: dict[str, Any], field: str) -> None:
    await agree(router, "kim", child=True)
    assert await refused(router, "kim", **body) == (403, "FORBIDDEN", field)
    withdrawn = await agree(router, "kim", purposes={"keep": False})
    assert withdrawn["purposes"]["keep"]["agreed"] is False, "a no is anybody's own"


async def test_in_danger_nobody_is_asked_for_consent_and_nothing_is_kept(router: httpx2.AsyncClient, tmp_path: Path) -> None:
    safe = await answer(router, "school/web", DANGER, user_id="mina", session_id="s")
    assert safe.status_code == 200
    assert safe.json()["metadata"]["safety"] == "suicide"
    assert "109" in safe.json()["content"]
    assert await rows(tmp_path, "turns") == 0


async def test_in_doubt_the_question_and_the_line_are_there_and_no_advice(router: httpx2.AsyncClient) -> None:
    cared = await answer(router, "school/web", DOUBT, user_id="mina")
    assert cared.status_code == 200, cared.text
    assert cared.json()["metadata"].get("care")
    assert "once consent has been given" in cared.json()["content"]
    streamed = await router.post(
        "/api/v2/process",
        json={"user_input": DOUBT, "context": {"user_id": "mina"}},
        headers={**headers_of(KEYS, "school/web"), "accept": "text/event-stream"},
    )
    assert json.loads(streamed.text.strip().rpartition("data: ")[2])["content"] == cared.json()["content"]


@pytest.mark.parametrize("path", ["/api/v2/chat/multi-persona", "/api/v2/process"])
async def test_it_holds_by_every_door(router: httpx2.AsyncClient, vendor: Vendor, path: str) -> None:
    body = {"user_input": TEXT, "context": {"user_id": "mina"}}
    assert (await router.post(path, json=body, headers=headers_of(KEYS, "school/web"))).status_code == 403
    bulk = await router.post("/api/v2/bulk-process", json={"requests": [body]}, headers=headers_of(KEYS, "school/web"))
    assert bulk.json()["results"][0]["error"]["code"] == "CONSENT_REQUIRED"
    whole = await router.post(path, json={"user_input": TEXT}, headers=headers_of(KEYS, "kim"))
    assert whole.json()["resonance_key"].startswith("calm-medium-")
    streamed = await router.post(
        path, json={"user_input": TEXT}, headers={**headers_of(KEYS, "kim"), "accept": "text/event-stream"}
    )
    assert json.loads(streamed.text.strip().rpartition("data: ")[2])["resonance_key"].startswith("calm-medium-")
    assert vendor.requests == []


async def test_a_service_that_keeps_consent_itself_says_so_with_a_question(router: httpx2.AsyncClient, vendor: Vendor) -> None:
    told = (await answer(router, "web", user_id="kim", consent=YES)).json()
    assert (told["content"], "unagreed" in told["metadata"]) == ("From abroad.", False)
    child = {"child": True, "notice": "2026-11", "purposes": {"keep": True}}
    assert (await answer(router, "school/web", user_id="u", consent=child)).status_code == 403
    assert (await answer(router, "school/web", user_id="u", consent={**child, "guardian": "paper"})).status_code == 200
    own = await answer(router, "kim", consent=YES)
    assert (own.status_code, own.json()["error"]["field"]) == (403, "context.consent")


async def test_who_asks_for_nobody_has_agreed_to_nothing(router: httpx2.AsyncClient) -> None:
    assert (await answer(router, "web")).json()["metadata"]["unagreed"] == ALL
    assert (await answer(router, "school/web")).status_code == 403


async def test_an_admin_tells_it_of_anybody_and_a_stranger_of_nobody(router: httpx2.AsyncClient) -> None:
    query = "?caller=sub:kim"
    put = await router.put(f"/api/v2/users/kim/consent{query}", json={"child": True}, headers=headers_of(KEYS, "boss"))
    assert put.json()["child"] is True
    assert await refused(router, "lee", "kim", child=False) == (403, "FORBIDDEN", "user_id")
    assert (await agree(router, "kim"))["child"] is True


async def test_it_is_in_the_export_and_goes_with_an_erasure(router: httpx2.AsyncClient) -> None:
    await agree(router, "kim", **YES)
    export = (await router.get("/api/v2/users/kim/export", headers=headers_of(KEYS, "kim"))).json()
    (profile,) = export["profile"]
    assert profile["consent"]["purposes"]["abroad"]["agreed"] is True
    page = await router.get("/api/v2/users/kim/export?format=html", headers=headers_of(KEYS, "kim"))
    assert "<dt>consent</dt>" in page.text
    assert (await router.delete("/api/v2/users/kim", headers=headers_of(KEYS, "kim"))).status_code == 200
    assert (await agree(router, "kim"))["purposes"] == {}


async def test_after_an_erasure_nothing_is_agreed_to_at_once(router: httpx2.AsyncClient) -> None:
    await agree(router, "kim", **YES)
    assert "unagreed" not in (await answer(router, "kim")).json()["metadata"]
    assert (await router.delete("/api/v2/users/kim", headers=headers_of(KEYS, "kim"))).status_code == 200
    assert (await answer(router, "kim")).json()["metadata"]["unagreed"] == ALL


@pytest.mark.parametrize(("path", "field"), [("recommend", "scenario"), ("resonance", "text")])
async def test_how_a_person_speaks_is_read_of_those_alone_who_agreed(router: httpx2.AsyncClient, path: str, field: str) -> None:
    async def read(who: str) -> int:
        sent = await router.post(f"/api/v2/{path}", json={field: TEXT}, headers=headers_of(KEYS, who))
        return sent.status_code

    assert (await read("kim"), await read("web")) == (403, 200)
    await agree(router, "kim", notice="2026-11", purposes={"feelings": True})
    assert await read("kim") == 200


async def test_an_age_that_cannot_be_read_is_no_consent(
    cloud_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: Guards, *_: object) -> None:
        raise StoreUnavailable("away", retry_after_s=1)

    async with opened(cloud_settings, TERMS) as router:
        monkeypatch.setattr(Guards, "reading", away)
        found = await answer(router, "school/web", user_id="mina")
        assert (found.status_code, found.json()["error"]["code"]) == (503, "STORE_UNAVAILABLE")
        assert (await answer(router, "school/web", DANGER, user_id="mina")).json()["metadata"]["safety"]
        assert (await answer(router, "kim")).json()["metadata"]["unagreed"] == ALL


async def test_a_guest_says_its_own_and_has_no_guardian(cloud_settings: dict[str, str]) -> None:
    tenants = json.dumps([{"tenant": "school", "guests": {}}])
    settings = {**cloud_settings, **TOKENS, "CONSOLE_TENANTS": tenants, "CONSENT_TERMS": json.dumps(TERMS)}
    async with client(build(RouterSettings.read(settings))) as router:
        given = await router.post("/api/v2/guests")
        guest = {"authorization": f"Bearer {given.json()['token']}"}

        async def asked(**consent: Any) -> httpx2.Response:
            body = {"user_input": TEXT, "context": {"consent": consent}}
            return await router.post("/api/v2/process", json=body, headers=guest)

        assert (await asked()).status_code == 403
        assert (await asked(child=False)).status_code == 200
        assert (await asked(child=True)).json()["error"]["field"] == "consent.guardian"
        assert (await asked(child=True, guardian="card")).json()["error"]["code"] == "FORBIDDEN"


async def test_a_tenant_without_terms_asks_for_nothing(cloud_settings: dict[str, str]) -> None:
    async with client(open_to(KEYS, cloud_settings)) as router:
        found = await router.get("/api/v2/users/me/consent", headers=headers_of(KEYS, "kim"))
        assert (found.json()["asks"], found.json()["answered"]) == ([], True)
        assert await refused(router, "kim", **YES) == (422, "VALIDATION_ERROR", "notice")
        assert "unagreed" not in (await answer(router, "kim")).json()["metadata"]


async def test_items_of_a_batch_obey_it_and_their_results_stay_whoevers_handed_them_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vendor: Vendor
) -> None:
    terms = [{"notice": "2026-11", "child_below": 14, "asks": ["abroad", "feelings"]}]
    settings = {"STORE": f"sqlite:///{tmp_path}/ion.sqlite3", "CONSENT_TERMS": json.dumps(terms)}
    model = {"MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1"}
    grown, child = ({"child": below, "notice": "2026-11", "purposes": {"abroad": not below}} for below in (False, True))
    items = [
        {"item_id": user, "user_input": TEXT, "context": {"user_id": user, "consent": told}}
        for user, told in (("kim", grown), ("mina", child), ("lee", {"child": False}))
    ]
    async with batch_set({**settings, **model}, monkeypatch.setenv) as made:
        batch = (await made.router.post("/api/v2/batches", json={"requests": items})).json()["batch"]["id"]
        await made.work()
        rows = (await made.router.get(f"/api/v2/batches/{batch}/results")).json()["results"]
    await clients.close()
    assert [row["state"] for row in rows] == ["answered", "failed", "answered"]
    assert "CONSENT_REQUIRED" in json.dumps(rows[1])
    assert [rows[place]["answer"]["content"] == "From abroad." for place in (0, 2)] == [True, False]
    assert all(rows[place]["answer"]["resonance_key"].startswith("calm-medium-") for place in (0, 2))
    assert len(vendor.requests) == 1
