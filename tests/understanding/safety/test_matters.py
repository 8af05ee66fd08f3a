"""The matter of a later turn is taken up in the words that fit who is spoken to; and what somebody has done is heard."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest

from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.danger import KINDS, Danger
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.later.matters import Matters
from ion_mentoring.understanding.safety.later.reader import Later
from ion_mentoring.understanding.safety.saying import OPENING
from tests.understanding.safety.test_emergencies import last

MATTERS, ANSWERS = Matters.load().all, SafetyAnswers.load()
KO, EN, US = Listener("ko"), Listener("en"), Listener("en", "US")
POLITE = re.compile(r"(?:요|니다|세요|까요)[.?!]")
SAID_BY_THEM = re.compile("“[^”]*”")
HELPERS = ("helper_refused", "helper_means", "helper_spent", "cannot_reach")


def all_texts(to: Listener) -> Iterator[tuple[str, Danger, str]]:
    for name in MATTERS:
        for kind in KINDS:
            for other, minor in ((False, False), (False, True), (True, False)):
                danger = Danger(kind, True, other, minor)
                yield from ((name, danger, text) for text in ANSWERS.later(name, danger, to))


@pytest.mark.parametrize("to", [KO, EN, US, Listener("ja")])
def test_each_text_has_its_lines_one_small_step_and_at_most_one_question_at_the_end(to: Listener) -> None:
    for name, _, text in all_texts(to):
        assert "{" not in text, name
        assert len(text) < 1_100, name
        assert "?" in text or "적어 줘" in text or "write" in text, name


def test_each_matter_has_a_text_and_every_text_a_listener() -> None:
    assert set(MATTERS) < set(get_args(Later))
    assert {name for name, _, _ in all_texts(KO)} == {name for name, _, _ in all_texts(EN)} == set(MATTERS)
    for name in HELPERS:
        assert not ANSWERS.later(name, Danger("suicide", True), KO), "said to a helper alone"
        assert ANSWERS.later(name, Danger("suicide", True, other=True), KO)


def test_a_child_is_spoken_to_without_polite_endings_and_everybody_else_with_them() -> None:
    for name, danger, text in all_texts(KO):
        own = SAID_BY_THEM.sub("", text)
        own = re.sub(r"\(24시간[^)]*\)|^- .*$", "", own, flags=re.MULTILINE)
        child = danger.minor and not danger.other
        assert bool(POLITE.search(own)) is not child, (name, danger, own)


def test_no_two_texts_begin_alike() -> None:
    for to in (KO, EN):
        openings = {name: {text[:OPENING] for other, _, text in all_texts(to) if other == name} for name in MATTERS}
        assert len(set.union(*openings.values())) == sum(map(len, openings.values()))


@pytest.mark.parametrize("to", [KO, EN])
def test_no_text_blames_diagnoses_or_promises_secrecy(to: Listener) -> None:
    for name, _, text in all_texts(to):
        assert not re.search(
            r"비밀(?:은|이)? ?(?:지켜|보장)|우울증입니다|왜 그랬|why did you|you have depression", text.lower()
        ), name


@pytest.mark.parametrize(
    ("texts", "to", "words"),
    [
        (["죽고 싶어요", "아까 약 스무 알쯤 먹었어요", "점점 졸려요"], KO, "119"),
        (["I want to die", "already took about twenty", "getting sleepy"], US, "911"),
        (["I want to die", "i took all my pills", "will my parents find out"], US, "911"),
    ],
)
def test_after_something_was_swallowed_nothing_else_is_spoken_of(texts: list[str], to: Listener, words: str) -> None:
    said = last(texts, to)
    assert words in said
    assert re.search("구급차|119|ambulance|tablets|911", said)
    assert not re.search("다음 한 시간|the next hour|glass of water|물 한 컵", said)


@pytest.mark.parametrize(
    ("texts", "to", "words"),
    [
        (["죽고 싶어요", "수면제 다 먹었어요", "했어"], KO, "현관문을 열어 두고"),
        (["I want to die", "i took all the pills", "called"], US, "stay on the line"),
        (["죽고 싶어요", "지금 옥상 난간이에요", "나왔어"], KO, "방금 그 걸음"),
        (
            ["my husband hits me", "he is kicking the bathroom door", "i called, police are coming"],
            US,
            "ask on the phone whether it is them",
        ),
    ],
)
def test_who_has_done_what_was_asked_hears_what_comes_next(texts: list[str], to: Listener, words: str) -> None:
    assert words in last(texts, to)


@pytest.mark.parametrize("texts", [["I want to die", "i took all the pills", "im safe now, at the hospital"]])
def test_who_is_safe_is_let_go(texts: list[str]) -> None:
    assert "ambulance" not in last(texts, US).split("\n\n")[0]


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["I want to die", "I'm in Manchester, what do I call"], "999"),
        (["I want to die", "im in seoul. who can i ring"], "109"),
        (["I'm living near Dublin and I want to die"], "112 or 999"),
    ],
)
def test_the_country_in_which_somebody_says_to_be_counts_more_than_what_the_program_says(texts: list[str], number: str) -> None:
    said = last(texts, US)
    assert number in said
    assert "911" not in said


@pytest.mark.parametrize(
    ("texts", "to", "words"),
    [
        (["I want to die", "I haven't taken anything, I moved the pills out of the house"], US, "I took tablets"),
        (["죽고 싶어요", "약은 안 먹었어요. 서랍에 그대로 있어요"], KO, "약을 많이 먹었어요"),
        (["I want to die", "mum is downstairs watching the match"], US, "open and don't answer"),
        (["죽고 싶어요", "집 앞에 편의점이 있어요. 나가기 귀찮아요"], KO, "문 열지 말고"),
    ],
)
def test_no_emergency_is_made_up(texts: list[str], to: Listener, words: str) -> None:
    assert words not in last(texts, to)


def test_who_does_not_want_to_die_but_cuts_is_not_told_to_have_been_misread() -> None:
    said = last(["자해를 했어요", "죽고 싶은 건 아니고 그어야 숨이 쉬어져요"], KO)
    assert "잘못 알아들었" not in said


def test_a_grown_up_who_says_so_is_spoken_to_as_one() -> None:
    assert POLITE.search(SAID_BY_THEM.sub("", last(["나 자해했어 고등학생이야", "아니 나 대학생이야"], KO)))
