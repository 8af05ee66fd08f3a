"""A question whose tone is not to be read: intent and topic alone decide, by whichever door; danger is seen all the same."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.wiring.router import build
from tests.fakes import client

ANGRY = "팀장이 또 제 말을 끊었어요!!! 진짜 너무 화나고 답답해서 미치겠어요. 어떻게 해야 할까요?"
CALM = "팀장이 제 말을 끊는 일이 있습니다. 어떻게 해야 할까요?"


@pytest.fixture
async def router() -> AsyncIterator[httpx2.AsyncClient]:
    async with client(build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))) as asked:
        yield asked


async def ask(router: httpx2.AsyncClient, path: str = "/api/v2/process", **said: Any) -> Any:
    answer = await router.post(path, json=said)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_tone_pace_and_feeling_are_not_read_and_intent_is(router: httpx2.AsyncClient) -> None:
    read = (await ask(router, user_input=ANGRY))["metadata"]["detected"]
    assert read["confidence"]["tone"] > 0
    unread = await ask(router, user_input=ANGRY, read_tone=False)
    detected = unread["metadata"]["detected"]
    assert (detected["confidence"]["tone"], detected["confidence"]["pace"]) == (0, 0)
    assert detected["confidence"]["intent"] == read["confidence"]["intent"]
    assert unread["resonance_key"].startswith("calm-medium-")
    assert "frustrated" not in json.dumps(unread)
    assert not [one for one in detected.get("features", ()) if one["part"] in ("tone", "pace", "feeling")]


async def test_how_something_is_said_changes_nothing_of_the_scores(router: httpx2.AsyncClient) -> None:
    def spoken(answer: Any) -> list[float]:
        """What tone and pace add for each mentor, as a share of what they add for all: the subject takes its own part first."""
        parts = [own["tone"] + own["pace"] for own in answer["routing"]["contributions"].values()]
        return [part / sum(parts) for part in parts]

    angry, calm = [await ask(router, user_input=text) for text in (ANGRY, CALM)]
    assert spoken(angry) != pytest.approx(spoken(calm), abs=0.002)
    angry, calm = [await ask(router, user_input=text, read_tone=False) for text in (ANGRY, CALM)]
    assert spoken(angry) == pytest.approx(spoken(calm), abs=0.002)


async def test_it_holds_by_every_door(router: httpx2.AsyncClient) -> None:
    said = {"user_input": ANGRY, "read_tone": False}
    together = await ask(router, "/api/v2/chat/multi-persona", **said)
    bulk = await ask(router, "/api/v2/bulk-process", requests=[said])
    streamed = await router.post("/api/v2/process", json=said, headers={"accept": "text/event-stream"})
    keys = [together["resonance_key"], bulk["results"][0]["resonance_key"], json.loads(last(streamed))["resonance_key"]]
    assert [key.startswith("calm-medium-") for key in keys] == [True] * 3


def last(stream: httpx2.Response) -> str:
    return stream.text.strip().rpartition("data: ")[2]


async def test_a_cached_answer_of_one_whose_tone_was_read_is_not_given(router: httpx2.AsyncClient) -> None:
    for _ in range(2):
        assert not (await ask(router, user_input=ANGRY))["resonance_key"].startswith("calm")
        assert (await ask(router, user_input=ANGRY, read_tone=False))["resonance_key"].startswith("calm-medium")


async def test_why_says_that_it_was_not_read(router: httpx2.AsyncClient) -> None:
    given = await ask(router, user_input=ANGRY, read_tone=False)
    why = (await router.get(f"/api/v2/answers/{given['request_id']}/why")).json()
    assert "frustrated" not in json.dumps(why)
    assert why["replay"]["same"] is True


async def test_a_conversation_is_not_read_either(router: httpx2.AsyncClient) -> None:
    history = [{"role": "user", "content": ANGRY}, {"role": "assistant", "content": "그랬군요."}]
    plain = await ask(router, user_input="네, 그래요", context={"message_history": history}, read_tone=False)
    alone = await ask(router, user_input=ANGRY, read_tone=False)
    assert plain["persona_used"] == alone["persona_used"]


async def test_danger_is_seen_all_the_same_and_a_given_key_is_used(router: httpx2.AsyncClient) -> None:
    danger = await ask(router, user_input="죽고 싶어요. 오늘 밤에 끝내려고 해요.", read_tone=False)
    assert danger["metadata"]["safety"]
    key = await ask(router, user_input=ANGRY, read_tone=False, resonance_key="anxious-burst-planning")
    assert key["resonance_key"] == "anxious-burst-planning"


@pytest.mark.parametrize("wrong", ["false", 0, []])
async def test_anything_else_is_refused(router: httpx2.AsyncClient, wrong: Any) -> None:
    answer = await router.post("/api/v2/process", json={"user_input": "hi", "read_tone": wrong})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "read_tone")


def test_the_detector_without_tone_gives_what_the_whole_one_gives_of_intent() -> None:
    detector = Detector.load()
    for text in (ANGRY, CALM, "I feel awful and sad. Please help me plan my week", "?"):
        whole, wanted = detector.detect(text), detector.detect(text, tone=False)
        assert wanted.key.intent == whole.key.intent
        assert wanted.distribution.intent == whole.distribution.intent
        assert (wanted.feeling, dict(wanted.distribution.tone), dict(wanted.distribution.pace)) == (None, {}, {})
        assert set(wanted.unknown) >= {"tone", "pace"}
