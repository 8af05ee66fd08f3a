"""The new pipeline of the old package: it answers, from anywhere."""

import asyncio
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from persona_system import ChatContext, NewPersonaPipeline, PersonaResponse, get_pipeline, reset_pipeline

KEY = "frustrated-burst-seek_advice"
TEXT = "팀장이 회의에서 제 의견을 계속 무시해요"


def test_it_answers() -> None:
    response = NewPersonaPipeline().process(TEXT, KEY, metadata={"trace": "t-1"})
    assert isinstance(response, PersonaResponse)
    assert (response.persona_used, response.resonance_key, response.confidence) == ("Lua", KEY, 0.823)
    assert len(response.content) > 40
    assert "{" not in response.content
    assert response.execution_time_ms > 0
    assert response.metadata["model"] == "playbook"
    assert response.metadata["user_provided_metadata"] == {"trace": "t-1"}
    routed = response.metadata["routing_result"]
    assert routed["secondary_persona"] == "Riri"
    assert set(routed["all_scores"]) == {"Lua", "Elro", "Riri", "Nana"}
    assert "Lua" in routed["reasoning"]


def test_without_metadata_there_is_none() -> None:
    assert get_pipeline().process("hi", "calm-medium-learning").metadata["user_provided_metadata"] == {}


def test_persona_and_confidence_are_those_of_the_route() -> None:
    pipeline = get_pipeline()
    for key in ("calm-medium-learning", "urgent-medium-planning", "analytical-contemplative-validation", "playful-flowing-x"):
        response, route = pipeline.process("How do I give feedback?", key), pipeline.router.route(key)
        assert (response.persona_used, response.confidence) == (route.primary_persona, route.confidence)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00", "\ud800", "\u200b", "x" * 20_000, "🙂" * 3_000])
def test_no_text_is_refused(text: str) -> None:
    assert get_pipeline().process(text, "calm-medium-learning").content


@pytest.mark.parametrize("text", [None, 42, ["a"]])
def test_what_is_no_text_is_not_refused(text: Any) -> None:
    assert get_pipeline().process(text, "calm-medium-learning").content


@pytest.mark.parametrize("key", [None, 7, []])
def test_what_is_no_key_is_answered_by_lua(key: Any) -> None:
    response = get_pipeline().process(TEXT, key)
    assert (response.persona_used, response.confidence) == ("Lua", 0.5)
    assert response.metadata["routing_result"]["all_scores"] == {}
    assert response.resonance_key == "calm-medium-learning"


def test_a_key_stays_as_it_was_sent() -> None:
    assert get_pipeline().process(TEXT, "nonsense").resonance_key == "nonsense"


def test_it_answers_inside_a_running_loop() -> None:
    async def inside() -> PersonaResponse:
        return get_pipeline().process(TEXT, KEY)

    assert asyncio.run(inside()).persona_used == "Lua"


def test_it_answers_many_threads_at_once() -> None:
    pipeline, keys = get_pipeline(), [KEY, "urgent-medium-planning", "calm-medium-learning"]
    together = threading.Barrier(24)

    def ask(number: int) -> tuple[str, str]:
        together.wait()
        response = pipeline.process(f"{TEXT} ({number})", keys[number % 3])
        return response.resonance_key, response.persona_used

    with ThreadPoolExecutor(24) as threads:
        said = list(threads.map(ask, range(24)))
    assert said == [(keys[number % 3], ("Lua", "Nana", "Elro")[number % 3]) for number in range(24)]


def _persona(key: str) -> str:
    return get_pipeline().process(TEXT, key).persona_used


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_it_answers_in_a_process_that_was_forked() -> None:
    assert _persona(KEY) == "Lua"
    with multiprocessing.get_context("fork").Pool(1) as children:
        assert children.apply_async(_persona, ("urgent-medium-planning",)).get(20) == "Nana"
    assert _persona("calm-medium-learning") == "Elro"


def test_the_conversation_is_heard() -> None:
    context = ChatContext("u1", "s1", persona_preference="Nana", custom_context={"a": 1})
    context.add_message("user", "코드 리뷰에서 상처받았어요")
    context.add_message("assistant", "속상했겠어요.")
    context.message_history += [{"role": "system"}, "odd"]  # type: ignore[list-item]
    assert get_pipeline().process("그래서 어떻게 할까요?", KEY, context).content
    assert len(context.message_history) == 4


def test_a_sign_of_danger_is_answered_with_help() -> None:
    response = get_pipeline().process("죽고 싶어요. 오늘 밤 끝낼 거예요", "analytical-medium-learning")
    assert response.metadata["safety"] == "suicide"
    assert "109" in response.content
    assert response.metadata["routing_result"]["reasoning"]


def test_capabilities_say_what_a_persona_is_best_for() -> None:
    told = get_pipeline().get_persona_capabilities("Lua")
    assert set(told) == {"name", "traits", "strengths", "best_for_tones", "best_for_paces", "best_for_intents"}
    assert told["best_for_tones"] == ["frustrated", "playful", "anxious", "confused"]
    assert told["best_for_paces"] == ["burst", "flowing", "contemplative", "medium"]
    assert told["best_for_intents"] == ["seek_advice", "validation", "reflection"]
    assert "empathetic" in told["traits"]


@pytest.mark.parametrize("name", ["Unknown", "", "lua", None])
def test_an_unknown_persona_is_refused(name: Any) -> None:
    with pytest.raises(ValueError, match="unknown persona"):
        get_pipeline().get_persona_capabilities(name)


def test_all_personas_are_told_of() -> None:
    told = get_pipeline().get_all_personas_info()
    assert {name: one["name"] for name, one in told.items()} == {name: name for name in ("Lua", "Elro", "Riri", "Nana")}


@pytest.mark.parametrize(
    ("scenario", "persona"),
    [("감정을 나누고 공감이 필요해요", "Lua"), ("데이터를 분석하고 싶어요", "Riri"), ("팀의 협력을 조정해야 해요", "Nana")],
)
def test_a_scenario_has_its_persona(scenario: str, persona: str) -> None:
    told = get_pipeline().recommend_persona(scenario, ChatContext("u", "s"))
    assert set(told) == {"recommended_persona", "scores", "capabilities"}
    assert told["recommended_persona"] == persona == told["capabilities"]["name"]
    assert set(told["scores"]) == {"Lua", "Elro", "Riri", "Nana"}


def test_any_scenario_has_one() -> None:
    assert get_pipeline().recommend_persona("")["recommended_persona"] in {"Lua", "Elro", "Riri", "Nana"}


@pytest.mark.parametrize("key", ["calm-medium-learning", "Frustrated-fast-seek-advice", " urgent-slow-plan "])
def test_keys_in_any_spelling_are_valid(key: str) -> None:
    assert get_pipeline().validate_resonance_key(key) is True


@pytest.mark.parametrize("key", ["", "calm", "calm-medium", "calm-medium-dancing", "x-y-z", None, 3, [], {}])
def test_other_keys_are_not(key: Any) -> None:
    assert get_pipeline().validate_resonance_key(key) is False


def test_it_has_its_parts() -> None:
    pipeline = get_pipeline()
    assert set(pipeline.personas) == set(pipeline.router.get_available_personas())
    assert pipeline.prompt_factory.create("Elro").persona_name == "Elro"


def test_there_is_one_until_it_is_reset() -> None:
    first = get_pipeline()
    with ThreadPoolExecutor(8) as threads:
        assert {id(one) for one in threads.map(lambda _: get_pipeline(), range(32))} == {id(first)}
    reset_pipeline()
    assert get_pipeline() is not first
