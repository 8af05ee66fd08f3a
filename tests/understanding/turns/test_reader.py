"""What a turn wants is told in both languages, and any text has a kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ion_mentoring.understanding.turns.reader import KINDS, TurnReader, weights_of

READER = TurnReader.load()


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("세 줄로 줄여 주세요", "ko", "shorter"),
        ("고마워요!", "ko", "thanks"),
        ("그건 이미 해봤는데 소용없었어요", "ko", "tried"),
        ("다른 방법은 없어요?", "ko", "other_way"),
        ("뭐라고 말해야 할지 문장으로 적어 줘", "ko", "words"),
        ("왜 그게 도움이 돼요?", "ko", "why"),
        ("루아 불러 줘", "ko", "mentor"),
        ("영어로 답해 줘", "ko", "language"),
        ("예를 하나 들어 줘", "ko", "example"),
        ("ㅁㄴㅇㄹ", "ko", "unclear"),
        ("in three lines please", "en", "shorter"),
        ("thank you so much", "en", "thanks"),
        ("i already tried that, it got worse", "en", "tried"),
        ("is there another way?", "en", "other_way"),
        ("why would that help?", "en", "why"),
        ("let me talk to elro", "en", "mentor"),
        ("in korean please", "en", "language"),
        ("give me an example", "en", "example"),
        ("...", "en", "unclear"),
    ],
)
def test_a_plain_turn_is_read_surely(text: str, language: str, kind: str) -> None:
    turn = READER.read(text, language)[0]
    assert turn.kind == kind
    assert turn.probability >= 0.5


@settings(max_examples=200)
@given(st.text(max_size=300), st.sampled_from(["ko", "en", "fr"]))
def test_any_text_has_every_kind_with_a_probability(text: str, language: str) -> None:
    turns = READER.read(text, language)
    assert {turn.kind for turn in turns} == {*KINDS}
    assert sum(turn.probability for turn in turns) == pytest.approx(1)
    assert [turn.probability for turn in turns] == sorted((turn.probability for turn in turns), reverse=True)


def test_the_weights_were_made_for_these_kinds() -> None:
    for language in ("ko", "en"):
        assert tuple(weights_of(language).head["kinds"]) == KINDS
