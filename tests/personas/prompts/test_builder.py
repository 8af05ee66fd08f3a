"""A prompt says who answers, how the person speaks and what was said, and never more than fits."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.models.protocol import Message
from ion_mentoring.personas.contract import PersonaRequest
from ion_mentoring.personas.prompts.builder import HISTORY_TOKENS, build, most_tokens, newest_within, version
from ion_mentoring.personas.prompts.instructions import INSTRUCTIONS, Instructions, load_instructions
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.understanding.resonance.key import ALL_KEYS, DEFAULT_KEY, ResonanceKey
from ion_mentoring.usage.tokens import estimated_tokens

ROSTER = load_roster()
MESSAGES = st.lists(st.builds(Message, st.sampled_from(["user", "assistant"]), st.text(max_size=60)), max_size=20)


@pytest.mark.parametrize(("language", "words"), [("ko", ["루아", "공감", "반드시 한국어"]), ("en", ["Lua", "empathy", '"en"'])])
def test_a_prompt_speaks_in_the_personas_voice(language: str, words: list[str]) -> None:
    prompt = build(ROSTER["lua"], PersonaRequest(text="hi", key=DEFAULT_KEY, language=language))
    for word in words:
        assert word in prompt.system
    assert prompt.messages == (Message("user", "hi"),)
    assert prompt.question == "hi"


@pytest.mark.parametrize("key", ALL_KEYS, ids=str)
def test_every_key_has_words_in_both_languages(key: ResonanceKey) -> None:
    for language in ("ko", "en"):
        system = build(ROSTER["nana"], PersonaRequest(text="x", key=key, language=language)).system
        assert key.tone in system
        assert "{" not in system


def test_a_feeling_and_the_light_mode_are_said() -> None:
    plain = build(ROSTER["riri"], PersonaRequest(text="x", key=DEFAULT_KEY))
    more = build(ROSTER["riri"], PersonaRequest(text="x", key=DEFAULT_KEY, feeling="grief", mode="summary_light"))
    assert "grief" in more.system
    assert "3 short bullets" in more.system
    assert "within 10 sentences" not in more.system, "one length is enough"
    assert "grief" not in plain.system
    assert "3 short bullets" not in plain.system


def test_a_card_says_how_its_model_writes() -> None:
    generation = build(ROSTER["lua"], PersonaRequest(text="x", key=DEFAULT_KEY)).generation
    assert generation == ROSTER["lua"].generation
    assert generation.temperature > ROSTER["riri"].generation.temperature
    assert generation.output_tokens(light=True) < generation.output_tokens(light=False)


def test_a_version_knows_the_card_and_the_common_instructions() -> None:
    card = ROSTER["lua"]
    newer = card.model_copy(update={"prompt": card.prompt.model_copy(update={"version": 99})})
    assert version(newer) == f"99.{load_instructions().version}"
    assert version(card) == f"{card.prompt.version}.{load_instructions().version}"


def test_most_tokens_are_those_of_the_prompt_and_of_the_longest_answer() -> None:
    question = PersonaRequest(text="가" * 120, key=DEFAULT_KEY)
    prompt = build(ROSTER["elro"], question)
    written = most_tokens(ROSTER["elro"], question) - sum(map(estimated_tokens, prompt.texts))
    assert written == ROSTER["elro"].generation.max_output_tokens


@given(MESSAGES, st.text(min_size=1, max_size=40))
def test_a_prompt_holds_nothing_but_the_card_the_instructions_the_history_and_the_question(
    history: list[Message], text: str
) -> None:
    prompt = build(ROSTER["nana"], PersonaRequest(text=text, key=DEFAULT_KEY, history=tuple(history)))
    assert prompt.system == build(ROSTER["nana"], PersonaRequest(text="another person's words", key=DEFAULT_KEY)).system
    assert prompt.messages == (*newest_within(history, HISTORY_TOKENS), Message("user", text))


@given(st.lists(st.builds(Message, st.sampled_from(["user", "assistant"]), st.text(max_size=4_000)), max_size=50))
def test_a_prompt_is_bounded_whatever_the_history(history: list[Message]) -> None:
    question = PersonaRequest(text="x" * 4_000, key=DEFAULT_KEY, history=tuple(history))
    assert sum(map(estimated_tokens, build(ROSTER["lua"], question).texts)) <= HISTORY_TOKENS + 1_000 + 1_500


@given(MESSAGES)
def test_turns_begin_with_the_user_and_alternate_and_lose_nothing_that_was_said_since(history: list[Message]) -> None:
    prompt = build(ROSTER["elro"], PersonaRequest(text="the question", key=DEFAULT_KEY, history=tuple(history)))
    turns = prompt.turns
    assert [turn.role for turn in turns] == [("user", "assistant")[place % 2] for place in range(len(turns))]
    assert turns[-1].role == "user"
    assert turns[-1].content.endswith("the question")
    said = [message.content for message in prompt.messages]
    first = next(place for place, message in enumerate(prompt.messages) if message.role == "user")
    assert "\n\n".join(turn.content for turn in turns) == "\n\n".join(said[first:])


def test_another_language_is_asked_for_by_its_code() -> None:
    assert '"fr"' in build(ROSTER["riri"], PersonaRequest(text="x", key=DEFAULT_KEY, language="fr")).system


@given(MESSAGES, st.integers(min_value=0, max_value=120))
def test_history_is_a_run_of_the_newest_that_fits(history: list[Message], tokens: int) -> None:
    kept = newest_within(history, tokens)
    assert kept == tuple(history[len(history) - len(kept) :])
    assert sum(estimated_tokens(message.content) for message in kept) <= tokens
    if len(kept) < len(history):
        assert sum(estimated_tokens(message.content) for message in history[-len(kept) - 1 :]) > tokens


def test_instructions_that_lack_a_part_of_a_key_fail_at_load() -> None:
    told = load_instructions().model_dump()
    del told["pace"]["burst"]
    with pytest.raises(ValueError, match="pace lacks burst"):
        Instructions.model_validate(told)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_slots_are_those_that_are_filled(language: str) -> None:
    slots = {
        name: {field for _, field, _, _ in Formatter().parse(getattr(load_instructions(), name).in_(language)) if field}
        for name in ("rules", "speaking", "feeling", "light")
    }
    assert slots == {"rules": set(), "speaking": {"parts"}, "feeling": {"feeling"}, "light": set()}
    assert INSTRUCTIONS.startswith("ion_mentoring/"), "a bundle finds it by this"
