"""The router of the old package."""

from typing import Any

import pytest

from persona_system import ChatContext, Intent, Pace, ResonanceBasedRouter, RoutingResult, Tone

NAMES = ["Lua", "Elro", "Riri", "Nana"]


@pytest.fixture
def router() -> ResonanceBasedRouter:
    return ResonanceBasedRouter()


@pytest.mark.parametrize(
    ("key", "persona", "confidence", "second"),
    [
        ("frustrated-burst-seek_advice", "Lua", 0.823, "Riri"),
        ("calm-medium-learning", "Elro", 0.706, "Riri"),
        ("urgent-medium-planning", "Nana", 0.742, "Elro"),
        ("analytical-contemplative-validation", "Riri", 0.745, "Elro"),
    ],
)
def test_a_key_has_its_persona(router: ResonanceBasedRouter, key: str, persona: str, confidence: float, second: str) -> None:
    result = router.route(key)
    assert isinstance(result, RoutingResult)
    assert result.primary_persona == persona
    assert result.confidence == pytest.approx(confidence)
    assert result.secondary_persona == second
    assert list(result.all_scores) == NAMES
    assert result.secondary_confidence == result.all_scores[second]
    for name in (key.split("-")[0], persona, second):
        assert name in result.reasoning


def test_all_keys_have_all_scores(router: ResonanceBasedRouter) -> None:
    for tone in Tone:
        for pace in Pace:
            for intent in Intent:
                result = router.route(f"{tone.value}-{pace.value}-{intent.value}")
                assert result.primary_persona == max(result.all_scores, key=lambda name: result.all_scores[name])
                assert 0 <= result.confidence <= 1


@pytest.mark.parametrize("key", ["", "calm", "frustrated-burst", "purple-burst-planning", "calm-sideways-planning", "----"])
def test_what_is_no_key_is_calm_medium_learning(router: ResonanceBasedRouter, key: str) -> None:
    assert router.route(key) == router.route("calm-medium-learning")


@pytest.mark.parametrize("key", [None, 7, 1.5, ["calm-medium-learning"], {"tone": "calm"}, b"calm-medium-learning"])
def test_what_is_no_string_is_lua_by_half(router: ResonanceBasedRouter, key: Any) -> None:
    result = router.route(key)
    assert (result.primary_persona, result.confidence) == ("Lua", 0.5)
    assert (result.secondary_persona, result.secondary_confidence, result.all_scores) == (None, None, {})


def test_an_unknown_intent_is_learning(router: ResonanceBasedRouter) -> None:
    assert router.route("frustrated-burst-dancing") == router.route("frustrated-burst-learning")
    assert router.route("frustrated-burst-") == router.route("frustrated-burst-learning")


def test_dashes_in_an_intent_are_read_on_purpose(router: ResonanceBasedRouter) -> None:
    assert router.route("frustrated-burst-seek-advice") == router.route("frustrated-burst-seek_advice")
    assert router.route(" Frustrated-BURST-Advice ") == router.route("frustrated-burst-seek_advice")


def test_a_context_changes_nothing(router: ResonanceBasedRouter) -> None:
    context = ChatContext("u", "s", persona_preference="Nana")
    assert router.route("calm-medium-learning", context) == router.route("calm-medium-learning")


def test_tables_are_by_enum_then_by_name(router: ResonanceBasedRouter) -> None:
    assert router.tone_affinity[Tone.FRUSTRATED]["Lua"] == 1.0
    assert router.pace_affinity[Pace.BURST]["Elro"] == 0.4
    assert router.intent_affinity[Intent.PLANNING]["Nana"] == 1.0
    assert router.scoring_weights == {"tone": 0.5, "pace": 0.3, "intent": 0.2}
    assert sum(router.scoring_weights.values()) == pytest.approx(1)
    assert (len(router.tone_affinity), len(router.pace_affinity), len(router.intent_affinity)) == (9, 4, 6)


def test_personas_are_listed(router: ResonanceBasedRouter) -> None:
    assert router.get_available_personas() == NAMES
    assert set(router.personas) == set(NAMES)


@pytest.mark.parametrize(
    ("scores", "confidence"),
    [
        ({"Lua": 1.0, "Elro": 0.5}, 0.425),
        ({"Lua": 0.2, "Elro": 0.9}, 0.0),
        ({"Lua": 1.0}, 0.5),
        ({"Elro": 1.0}, 0.0),
        ({}, 0.0),
    ],
)
def test_confidence_is_lead_and_own_halved(router: ResonanceBasedRouter, scores: dict[str, float], confidence: float) -> None:
    assert router.evaluate_confidence("Lua", scores) == pytest.approx(confidence)
