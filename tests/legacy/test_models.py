"""The models of the old package, with their fields, their order and their checks."""

from dataclasses import fields
from typing import Any

import pytest

from persona_system import (
    ChatContext,
    Intent,
    Pace,
    PersonaConfig,
    PersonaResponse,
    RhythmAnalysis,
    RoutingResult,
    Tone,
    ToneAnalysis,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (RhythmAnalysis, "pace avg_sentence_length punctuation_density energy_level"),
        (ToneAnalysis, "primary confidence secondary secondary_confidence"),
        (PersonaConfig, "name traits strengths prompt_style preferred_tones description examples version"),
        (
            RoutingResult,
            "primary_persona confidence secondary_persona secondary_confidence reasoning all_scores tone_analysis "
            "rhythm_analysis",
        ),
        (PersonaResponse, "content persona_used resonance_key confidence metadata execution_time_ms"),
        (ChatContext, "user_id session_id message_history persona_preference custom_context"),
    ],
)
def test_fields_stand_in_their_order(model: Any, names: str) -> None:
    assert " ".join(field.name for field in fields(model)) == names


def test_tones_paces_and_intents_are_strings() -> None:
    assert [tone.value for tone in Tone] == (
        ["frustrated", "playful", "anxious", "analytical", "calm", "curious", "urgent", "confused", "collaborative"]
    )
    assert {pace.value for pace in Pace} == {"burst", "flowing", "contemplative", "medium"}
    assert {intent.name for intent in Intent} == {
        "SEEK_ADVICE",
        "PROBLEM_SOLVING",
        "LEARNING",
        "VALIDATION",
        "PLANNING",
        "REFLECTION",
    }
    assert isinstance(Tone.FRUSTRATED, str)
    assert Tone("calm") is Tone.CALM
    assert Intent.SEEK_ADVICE == "seek_advice"


@pytest.mark.parametrize("share", [-0.01, 1.01, NAN])
def test_shares_outside_of_0_to_1_are_refused(share: float) -> None:
    with pytest.raises(ValueError, match="punctuation_density"):
        RhythmAnalysis(Pace.BURST, 4.0, share, 0.5)
    with pytest.raises(ValueError, match="energy_level"):
        RhythmAnalysis(Pace.BURST, 4.0, 0.5, share)
    with pytest.raises(ValueError, match="confidence"):
        ToneAnalysis(Tone.CALM, share)
    with pytest.raises(ValueError, match="secondary_confidence"):
        ToneAnalysis(Tone.CALM, 0.5, Tone.CURIOUS, share)
    with pytest.raises(ValueError, match="confidence"):
        RoutingResult("Lua", share)
    with pytest.raises(ValueError, match="secondary_confidence"):
        RoutingResult("Lua", 0.5, "Elro", share)
    with pytest.raises(ValueError, match="confidence"):
        PersonaResponse("text", "Lua", "calm-medium-learning", share)


@pytest.mark.parametrize("share", [0, 0.0, 1, 1.0])
def test_the_ends_of_a_share_are_fine(share: float) -> None:
    assert RhythmAnalysis(Pace.MEDIUM, 9.0, share, share).energy_level == share
    assert ToneAnalysis(Tone.CALM, share).secondary is None
    assert RoutingResult("Lua", share, secondary_confidence=share).all_scores == {}


@pytest.mark.parametrize("missing", ["name", "traits", "strengths"])
def test_a_config_needs_a_name_traits_and_strengths(missing: str) -> None:
    whole: dict[str, Any] = {
        "name": "Sena",
        "traits": ["kind"],
        "strengths": ["listening"],
        "prompt_style": "warm",
        "preferred_tones": [Tone.CALM],
        "description": "",
    }
    config = PersonaConfig(**whole)
    assert (config.examples, config.version) == ([], "1.0")
    with pytest.raises(ValueError, match=missing):
        PersonaConfig(**(whole | {missing: type(whole[missing])()}))


def test_a_response_needs_content_and_persona_and_no_negative_time() -> None:
    for content, persona, ms in (("", "Lua", 1.0), ("text", "", 1.0), ("text", "Lua", -0.1)):
        with pytest.raises(ValueError, match="must not be"):
            PersonaResponse(content, persona, "calm-medium-learning", 0.5, {}, ms)


def test_a_response_is_short_as_a_string() -> None:
    told = str(PersonaResponse("가" * 200, "Lua", "calm-medium-learning", 0.826))
    assert told.startswith("[Lua]")
    assert told.count("가") == 50
    assert "0.83" in told
    assert "short" in str(PersonaResponse("short", "Elro", "calm-medium-learning", 1))


def test_a_context_keeps_messages() -> None:
    context = ChatContext("u1", "s1")
    for number in range(7):
        context.add_message("user" if number % 2 else "assistant", f"message {number}")
    assert context.message_history[1] == {"role": "user", "content": "message 1"}
    assert [one["content"] for one in context.get_recent_messages()] == [f"message {n}" for n in range(2, 7)]
    assert [one["content"] for one in context.get_recent_messages(limit=2)] == ["message 5", "message 6"]
    assert context.get_recent_messages(0) == []
    assert len(context.get_recent_messages(100)) == 7


def test_defaults_are_not_shared() -> None:
    ChatContext("u1", "s1").add_message("user", "x")
    other = ChatContext("u2", "s2")
    assert (other.message_history, other.persona_preference, other.custom_context) == ([], None, {})
    assert PersonaResponse("a", "Lua", "k", 0.5).metadata is not PersonaResponse("a", "Lua", "k", 0.5).metadata
