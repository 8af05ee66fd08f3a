"""What is said in danger follows what helpers are taught, in both languages alike."""

import itertools
import re

import pytest

from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.danger import KINDS, Danger, Kind
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.saying import OPENING

ANSWERS = SafetyAnswers.load()
LISTENERS = [Listener("ko"), Listener("en"), Listener("en", "GB"), Listener("ja"), Listener("ko", "US")]
KOREAN, ENGLISH = LISTENERS[:2]
DANGERS = [
    Danger(kind, True, other, minor) for kind in KINDS for other, minor in ((False, False), (False, True), (True, False))
]


def everything(danger: Danger, to: Listener) -> list[str]:
    texts = [ANSWERS.first(danger, to), ANSWERS.without_voice(danger, to), ANSWERS.back(danger, to)]
    return [
        *texts,
        *ANSWERS.following(danger, to),
        *ANSWERS.safe(danger, to),
        ANSWERS.question(danger, to),
        ANSWERS.line(danger, to),
    ]


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("to", LISTENERS)
def test_no_slot_is_left_open(danger: Danger, to: Listener) -> None:
    assert not [text for text in everything(danger, to) if "{" in text or "}" in text or not text.strip()]


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize(("to", "ai"), [(Listener("ko"), "AI"), (Listener("en"), "I'm an AI")])
def test_the_first_answer_says_who_speaks_asks_and_names_where_to_turn(danger: Danger, to: Listener, ai: str) -> None:
    text = ANSWERS.first(danger, to)
    assert ai in text
    assert "?" in text
    assert text.count("\n- ") >= 1, "at least the emergency number"
    assert re.search(r"112|911", text)


@pytest.mark.parametrize(("language", "words"), [("ko", ("생각", "방법", "때")), ("en", ("thinking", "how", "when"))])
def test_thoughts_plan_means_and_time_are_asked_about_directly(language: str, words: tuple[str, ...]) -> None:
    text = ANSWERS.first(Danger("suicide", True), Listener(language))
    assert all(word in text for word in words)


@pytest.mark.parametrize("kind", ["suicide", "self_injury", "home_violence", "sexual", "eating"])
def test_a_child_is_spoken_to_as_a_child_and_led_to_its_own_line_first(kind: Kind) -> None:
    text = ANSWERS.first(Danger(kind, True, minor=True), Listener("ko"))
    assert re.search(r"- \S*1388|청소년전화 1388", text.split("\n- ", 1)[1].splitlines()[0])
    assert not re.search(r"(?:해요|하세요|인가요)[.?]", text.replace("- ", "")), "plain forms, as one speaks to a child"


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("to", [Listener("ko"), Listener("en")])
def test_no_text_blames_diagnoses_or_promises_secrecy(danger: Danger, to: Listener) -> None:
    said = "\n".join(everything(danger, to)).lower()
    assert not re.search(
        r"비밀(?:은|이)? ?(?:지켜|보장)|confidential|우울증입니다|you (?:have|suffer from) depression|왜 그랬|why did you", said
    )


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("to", [Listener("ko"), Listener("en")])
def test_no_two_texts_of_a_conversation_begin_alike(danger: Danger, to: Listener) -> None:
    openings = [text[:OPENING] for text in everything(danger, to)[:-1]]
    assert len(openings) == len(set(openings))


def test_both_languages_have_as_many_texts() -> None:
    for danger in DANGERS:
        assert len(ANSWERS.following(danger, Listener("ko"))) == len(ANSWERS.following(danger, Listener("en"))) >= 2


def test_a_worried_friend_is_told_to_ask_directly_and_to_stay() -> None:
    for to, words in (
        (Listener("ko"), ("물어보세요", "혼자 두지")),
        (Listener("en"), ("Ask directly", "leave the person alone")),
    ):
        text = ANSWERS.first(Danger("suicide", True, other=True), to)
        assert all(word in text for word in words)


def test_every_question_of_care_asks_something() -> None:
    for danger, language in itertools.product(DANGERS, ("ko", "en")):
        assert "?" in ANSWERS.question(danger, Listener(language))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("to", "named"), [(KOREAN, ("죽", "다치", "때리")), (ENGLISH, ("dying", "hurt", "kill", "safe"))])
def test_where_little_speaks_for_a_danger_the_question_names_none(kind: Kind, to: Listener, named: tuple[str, ...]) -> None:
    faint = Danger(kind, sure=False, other=True, faint=True)
    question = ANSWERS.question(faint, to)
    assert question != ANSWERS.question(Danger(kind, sure=False), to)
    assert not [word for word in named if word in question]
    line = ANSWERS.line(Danger(kind, sure=False, other=True), to)
    assert ANSWERS.line(faint, to).endswith(line)
    assert ANSWERS.line(faint, to) != line


@pytest.mark.parametrize("to", [KOREAN, ENGLISH])
def test_a_yes_to_that_question_is_no_sure_sign(to: Listener) -> None:
    asked = ANSWERS.asked(ANSWERS.question(Danger("suicide", sure=False, faint=True), to))
    assert asked == Danger("suicide", sure=False)
