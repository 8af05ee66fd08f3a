"""A prompt says who answers, how the person speaks and what was said, and never more than fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.models.protocol import Message
from ion_mentoring.models.tokens import estimated_tokens
from ion_mentoring.personas.contract import Question
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.prompts.builder import build, newest_within
from ion_mentoring.resonance.key import ALL_KEYS, DEFAULT_KEY, ResonanceKey

ROSTER = load_roster()
MESSAGES = st.lists(st.builds(Message, st.sampled_from(["user", "assistant"]), st.text(max_size=60)), max_size=20)


@pytest.mark.parametrize(("language", "words"), [("ko", ["루아", "공감", "반드시 한국어"]), ("en", ["Lua", "empathy", '"en"'])])
def test_a_prompt_speaks_in_the_personas_voice(language: str, words: list[str]) -> None:
    prompt = build(ROSTER["lua"], Question(text="hi", key=DEFAULT_KEY, language=language))
    for word in words:
        assert word in prompt.system
    assert prompt.messages == (Message("user", "hi"),)
    assert prompt.question == "hi"


@pytest.mark.parametrize("key", ALL_KEYS, ids=str)
def test_every_key_has_words_in_both_languages(key: ResonanceKey) -> None:
    for language in ("ko", "en"):
        system = build(ROSTER["nana"], Question(text="x", key=key, language=language)).system
        assert key.tone in system
        assert "{" not in system


def test_a_feeling_and_the_light_mode_are_said() -> None:
    plain = build(ROSTER["riri"], Question(text="x", key=DEFAULT_KEY))
    more = build(ROSTER["riri"], Question(text="x", key=DEFAULT_KEY, feeling="grief", mode="summary_light"))
    assert "grief" in more.system
    assert "3 short bullets" in more.system
    assert "grief" not in plain.system
    assert "3 short bullets" not in plain.system


def test_another_language_is_asked_for_by_its_code() -> None:
    assert '"fr"' in build(ROSTER["riri"], Question(text="x", key=DEFAULT_KEY, language="fr")).system


@given(MESSAGES, st.integers(min_value=0, max_value=120))
def test_history_is_a_run_of_the_newest_that_fits(history: list[Message], tokens: int) -> None:
    kept = newest_within(history, tokens)
    assert kept == tuple(history[len(history) - len(kept) :])
    assert sum(estimated_tokens(message.content) for message in kept) <= tokens
    if len(kept) < len(history):
        assert sum(estimated_tokens(message.content) for message in history[-len(kept) - 1 :]) > tokens


def test_tokens_are_estimated_on_the_high_side() -> None:
    assert estimated_tokens("") == 0
    assert estimated_tokens("a") == 1
    assert estimated_tokens("word " * 80) == 100
    assert estimated_tokens("가" * 120) == 100
