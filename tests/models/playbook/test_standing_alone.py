"""A text of a card may be the first that somebody hears, or come from another mentor: it refers to nothing that was not said.

An answer to a story is none of these: what it refers to stands in the message that it answers.
"""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from ion_mentoring.models.playbook.hazards.hazards import load_hazards
from ion_mentoring.models.playbook.situation import Counsel, load_situations

WHEN: Final = {"ko": r"^(?:(?:오늘|지금|내일|이번 주에?) )?", "en": r"^(?:(?:today|now|tomorrow|this week),? )?"}
BEGINS: Final = {
    "ko": [
        *(
            "그 ?중",
            "그럼",
            "그러면",
            "그래서",
            "그런데",
            "그리고",
            "그래도",
            "그 ?다음",
            "그 뒤",
            "그때",
            "이때",
            "둘 다",
            "둘 중",
        ),
        *(
            "셋 중",
            "[이그]것",
            "[이그]게",
            "[이그]걸",
            "[이그]건",
            "그거",
            "거기서",
            "거기에",
            "나머지",
            "앞의",
            "앞에서",
            "위의",
        ),
        *("위에서", "아까", "그런 ", "그 [가-힣]+", "표시한 것", "고른 하나", "적은 명사", "찾은 차이"),
    ],
    "en": [
        *(r"of (?:these|those|them)", r"among (?:these|those|them)", r"then\b", r"both (?!of you|sides|you)", r"the rest\b"),
        *(r"the others?\b(?! (?:person|parent|team|side))", r"those (?!who|above|you)", r"these\b", r"they\b", r"them\b"),
        *(
            r"after that",
            r"afterwards",
            r"also\b",
            r"once (?:it|that|they)\b",
            r"that same",
            r"the same (?=one|way)",
            r"such\b",
        ),
        r"(?:if|when|unless) (?:they|he|she|that)\b(?! (?:ask|talk|misread|do it))",
    ],
}
WITHIN: Final = {"ko": "|요청 전보다|^[^.]{0,12}새 사실이 하나 생겼", "en": ""}
REFERS: Final = {
    language: re.compile(f"{WHEN[language]}(?:{'|'.join(begins)}){WITHIN[language]}", re.IGNORECASE)
    for language, begins in BEGINS.items()
}
THEM: Final = re.compile(
    r"^(?!If|When|While)[A-Z][a-z]+ (?:it|them|these|those)\b(?! (?:a rule|clear|visible|affected))"
)  # "Post it in the chat"
MOVES: Final = ("acknowledge", "insight", "pattern", "measure", "people", "trap")


def told(counsel: Counsel) -> Iterator[tuple[str, str]]:
    """Each text that may be said first, with the name of its move."""
    yield from ((move, getattr(counsel, move)) for move in MOVES)
    yield from (("step", text) for text in counsel.steps)
    yield from (("option", text) for text in counsel.options)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_move_of_a_card_begins_with_what_was_not_said(language: str) -> None:
    cards = [*load_situations(), *load_hazards().values()]
    texts = [(card.id, move, text) for card in cards for move, text in told(card.in_(language))]
    assert len(texts) > 2000
    assert not [one for one in texts if REFERS[language].search(one[2])]


def test_no_step_begins_with_a_thing_that_another_step_names() -> None:
    steps = [(card.id, step) for card in load_situations() for step in card.en.steps]
    assert not [one for one in steps if THEM.search(one[1])]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("그중 사실과 해석을 나눠 밑줄 치세요.", "ko"),
        ("요청 전보다 2점 이상 오르면", "ko"),
        ("둘 다 믿는 제삼자 한 명이에요.", "ko"),
    ],
)
def test_the_words_that_were_noticed_are_noticed(text: str, language: str) -> None:
    assert REFERS[language].search(text)
    assert REFERS["en"].search("Of these, take the first.")
    assert THEM.search("Post it in the chat today.")
