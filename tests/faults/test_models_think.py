"""The model thinks within its text: nobody sees it, nothing keeps it, and whoever waits is told that somebody is there."""

import json

import pytest

from ion_mentoring.handlers.web import event_stream
from tests.faults.conftest import Routed
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

THINKING = Plan(pieces=("<th", "ink>The user is", " sad.", "</think>\n\n", "One small", " step."), delay_s=0.05)
PREFILLED = Plan(pieces=("The user", " is sad.", "</think>\n\n", "One small", " step."))


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("plan", [THINKING, PREFILLED], ids=["marked", "closing mark alone"])
async def test_thoughts_are_neither_shown_nor_kept(routed: Routed, vendor: Vendor, plan: Plan, streaming: bool) -> None:
    vendor.script = lambda request: plan
    session = {"context": {"session_id": "a-session"}, "use_cache": False}
    async with routed() as router:
        answer = await router.answer(streaming=streaming)
        known = await router.answer(streaming=not streaming)
        await router.answer(streaming=streaming, **session)
        await router.answer(streaming=streaming, **session)
    assert answer["content"] == known["content"] == "One small step."
    assert (answer["metadata"]["degraded"], known["performance"]["cache_hit"]) == ([], True)
    assert "One small step." in json.dumps(vendor.requests[-1].body)
    assert "sad" not in json.dumps([request.body for request in vendor.requests])
    assert answer["metadata"]["usage"]["output_tokens"] == len(plan.pieces) * plan.tokens_a_piece


async def test_text_that_turns_out_to_be_a_thought_is_withdrawn_by_beginning_anew(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: PREFILLED
    async with routed() as router:
        events = await router.streamed()
    names = [name for name, _ in events]
    assert names == ["routing", "delta", "delta", "routing", "delta", "delta", "done"]
    assert {data["persona_used"] for name, data in events if name == "routing"} == {"Lua"}


async def test_heartbeats_come_while_a_model_thinks(routed: Routed, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(event_stream.EventStream.__init__.__kwdefaults__, "heartbeat_s", 0.01)
    vendor.script = lambda request: THINKING
    async with routed() as router:
        response = await router.http.post(
            "/api/v2/process", json={"user_input": "How do I start?"}, headers={"accept": "text/event-stream"}
        )
    before = response.text.partition("event: delta")[0]
    assert "event: routing" in before
    assert ": still here" in before


async def test_a_model_that_thinks_aloud_is_not_hedged(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: THINKING if request.body["model"] == "stand-in" else Plan(pieces=("quick",))
    async with routed(FALLBACK_MODEL="openai:other", HEDGE_AFTER_S="0.1") as router:
        answer = await router.answer(streaming=True)
    assert answer["content"] == "One small step."
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_thoughts_without_an_answer_are_stood_in_for(routed: Routed, vendor: Vendor, streaming: bool) -> None:
    vendor.script = lambda request: Plan(pieces=("<think>", "The user is sad."), finish="length")
    async with routed() as router:
        answer = await router.answer(streaming=streaming)
    assert answer["metadata"]["degraded"] == ["model"]
    assert "sad" not in answer["content"]
