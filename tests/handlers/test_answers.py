"""Why an answer came from whom it came: told to its owner for a day, decided again to the last digit."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.mentoring.answering.explaining import RoutingRecord, replayed
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.personas.roster import Roster, load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.turns.reader import TurnReader
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to

KEYS = {
    "web": new_key("web", Role.SERVICE),
    "form": new_key("form", Role.SERVICE),
    "boss": new_key("boss", Role.ADMIN),
    "acme/web": new_key("acme/web", Role.SERVICE),
    "acme/boss": new_key("acme/boss", Role.ADMIN),
}
BEGUN = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?"}]
QUESTION = "I need to write a report and don't know how"


@pytest.fixture
async def router(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(open_to(KEYS, cloud_settings)) as asked:
        yield asked


def by(who: str) -> dict[str, str]:
    return headers_of(KEYS, who)


async def ask(router: httpx2.AsyncClient, who: str, text: str = QUESTION, **said: Any) -> Any:
    answer = await router.post("/api/v2/process", json={"user_input": text, **said}, headers=by(who))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def why(router: httpx2.AsyncClient, who: str, answer_id: str, **query: str) -> httpx2.Response:
    return await router.get(f"/api/v2/answers/{answer_id}/why", params=query, headers=by(who))


async def told(router: httpx2.AsyncClient, who: str, answer_id: str, **query: str) -> Any:
    response = await why(router, who, answer_id, **query)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("text", [QUESTION, "요즘 회사 가기가 너무 싫고 지쳐요", "?", "hola, no puedo dormir"])
async def test_it_is_decided_again_to_the_last_digit(router: httpx2.AsyncClient, text: str) -> None:
    answer = await ask(router, "web", text)
    again = await told(router, "web", answer["request_id"])
    assert again["replay"] == {"same": True, "changed": [], "routing": answer["routing"]}
    assert again["scores"] == answer["routing"]["scores"]
    assert again["detected"] == answer["metadata"]["detected"]
    assert again["resonance_key"] == answer["resonance_key"]
    assert again["answered_at"] <= answer["timestamp"]


async def test_a_known_answer_is_explained_as_the_first_one(router: httpx2.AsyncClient) -> None:
    first, again = await ask(router, "web"), await ask(router, "form")
    assert again["performance"]["cache_hit"]
    assert first["request_id"] != again["request_id"]
    one, other = await told(router, "web", first["request_id"]), await told(router, "form", again["request_id"])
    assert one["replay"] == other["replay"]


@pytest.mark.parametrize(
    ("said", "decided_by"),
    [
        ({}, "score"),
        ({"resonance_key": "calm-flowing-learning"}, "key"),
        ({"persona": "Riri"}, "asked_for"),
        (
            {"context": {"message_history": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?"}]}},
            "conversation",
        ),
    ],
    ids=str,
)
async def test_it_says_what_decided(router: httpx2.AsyncClient, said: dict[str, Any], decided_by: str) -> None:
    answer = await ask(router, "web", **said)
    again = await told(router, "web", answer["request_id"])
    assert (again["decided_by"], again["replay"]["same"]) == (decided_by, True)
    assert again["reasoning"] == answer["routing"]["reasoning"]


async def test_it_says_what_danger_was_seen(router: httpx2.AsyncClient) -> None:
    answer = await ask(router, "web", "I want to kill myself tonight")
    again = await told(router, "web", answer["request_id"])
    assert (again["decided_by"], again["safety"], again["replay"]["same"]) == ("safety", answer["metadata"]["safety"], True)


async def test_streams_items_and_the_old_doors_have_it_too(router: httpx2.AsyncClient) -> None:
    headers = {**by("web"), "x-request-id": "mine"}
    body = {"user_input": QUESTION}
    async with router.stream(
        "POST", "/api/v2/process", json=body, headers={**headers, "accept": "text/event-stream"}
    ) as stream:
        await stream.aread()
    assert (await told(router, "web", "mine"))["persona"]
    await router.post("/api/v2/bulk-process", json={"requests": [body, body]}, headers={**headers, "x-request-id": "many"})
    assert (await told(router, "web", "many-2"))["persona"]
    await router.post("/chat", json={"message": QUESTION}, headers={**headers, "x-request-id": "old"})
    assert (await told(router, "web", "old"))["persona"]


async def test_what_is_foreign_is_absent(router: httpx2.AsyncClient) -> None:
    answer = await ask(router, "web")
    for who in ("form", "acme/web", "kim", "boss"):
        assert (await why(router, who, answer["request_id"])).status_code == 404
    assert (await why(router, "web", "never-was")).status_code == 404
    assert (await why(router, "form", answer["request_id"], caller="key:web")).status_code == 403


async def test_an_admin_says_whose(router: httpx2.AsyncClient) -> None:
    own, acmes = (await ask(router, "kim"))["request_id"], (await ask(router, "acme/web"))["request_id"]
    assert await told(router, "boss", own, caller="sub:kim")
    assert await told(router, "boss", acmes, caller="key:web", tenant="acme")
    assert await told(router, "acme/boss", acmes, caller="key:web")
    assert (await why(router, "acme/boss", own, caller="sub:kim", tenant="default")).status_code == 403


def record(**changes: Any) -> RoutingRecord:
    detection = Detector.load().detect(QUESTION, "en")
    return replace(
        RoutingRecord(
            "en", detection.key, detection, None, "lua", "lua", False, False, False, {}, {"lua": 1}, "because", None, None
        ),
        **changes,
    )


def routing(roster: Roster) -> Routing:
    return Routing(roster, RoutingTable(roster), Detector.load(), None, TurnReader.load())  # type: ignore[arg-type]


def test_a_record_that_would_be_decided_otherwise_says_so() -> None:
    roster = load_roster()
    again = replayed(record(cards={**{name: card.version for name, card in roster.items()}, "lua": 0}), routing(roster))
    assert again is not None
    assert (again.same, again.changed) == (False, ("lua",))


def test_a_persona_who_has_left_cannot_be_decided_for() -> None:
    assert replayed(record(persona="gone"), routing(load_roster())) is None


def test_a_record_comes_back_as_it_was() -> None:
    one = record(care="suicide")
    assert RoutingRecord.decoded(one.encoded()) == one
