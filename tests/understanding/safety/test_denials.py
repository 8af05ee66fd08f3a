"""Who says that there is no danger is believed for these words, and for no others."""

import pytest

from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.denials import Denials
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import Caring, SafetyReply

COURSE, CHECK, DENIALS = SafetyCourse.load(), DangerCheck.load(), Denials.load()
KO, US = Listener("ko"), Listener("en", "US")
SIGN = {"ko": "죽고 싶어요", "en": "I want to die"}


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("죽고 싶은 건 아니고요, 노동부에 신고하면 되는지 물어보는 거예요", "노동부에 신고하면 되는지 물어보는 거예요"),
        ("맞은 적 없어요!! 월급 얘기로 돌아가요", "월급 얘기로 돌아가요"),
        ("자살 생각은 없어요", ""),
        ("No one is hurting me! What do I reply to him?", "what do i reply to him"),
        ("I'm not suicidal at all", ""),
        ("He doesn't hit me but he controls everything", "but he controls everything"),
        ("no, nobody wants to die, please stop asking", "no,  , please stop asking"),
        ("Nothing to do with dying! It's treatable", "it's treatable"),
        ("아무도 안 죽어요 그냥 혼났어요", "그냥 혼났어요"),
    ],
)
def test_a_denial_takes_out_its_own_words(text: str, rest: str) -> None:
    assert DENIALS.rest(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "죽고 싶다는 생각이 없어지지 않아요",
        "죽을 용기도 없어요",
        "죽고 싶은데 방법이 없어요",
        "죽고 싶지도 살고 싶지도 않아요",
        "이게 죽고 싶은 게 아니면 뭘까요",
        "I'm not just thinking about dying, I'm planning it",
        "I don't know if I want to die",
        "I never wanted to die this much",
        "he hits me every night",
        "it's about suicide",
    ],
)
def test_what_only_looks_like_a_denial_is_none(text: str) -> None:
    assert DENIALS.rest(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "죽고 싶은 건 아니에요, 그냥 오늘 밤에 뛰어내리려고요",
        "I'm not suicidal, I just took all of my sleeping pills to end it",
    ],
)
def test_a_sign_beside_a_denial_is_as_sure_as_alone(text: str) -> None:
    danger = CHECK.check(text)
    assert danger
    assert danger.sure


@pytest.mark.parametrize("text", ["죽고 싶은 생각은 없어요", "I'm not suicidal, I'm embarrassed"])
def test_what_nobody_asked_for_is_asked_about_once(text: str) -> None:
    danger = CHECK.check(text)
    assert danger is None or not danger.sure


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("죽고 싶은 건 아니고요, 노동부에 신고하면 되는지 물어보는 거예요", KO),
        ("네?? 왜 그런 말을 해요. 사과 받았는데 뭐라고 답해요?", KO),
        ("no! I'm not suicidal. I just want chemistry back. what can I do tonight?", US),
        ("No one is hurting me! What do I reply to him about April?", US),
    ],
)
def test_after_the_caring_question_a_denial_is_the_end_of_it(text: str, to: Listener) -> None:
    asked = COURSE.sadness([], to)
    assert asked
    history = [Turn("user", "..."), Turn("assistant", f"{asked.opening}\n\n...\n\n{asked.closing}")]
    assert COURSE.next(text, history, to) is None


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("죽고 싶은 건 아니에요. 4대보험을 어떻게 신고하는지 알려주세요", KO),
        ("I'm not suicidal. How do I revise moles for the exam tomorrow?", US),
    ],
)
def test_who_goes_on_with_their_matter_is_answered_about_it(text: str, to: Listener) -> None:
    sign = SIGN[to.language]
    first = COURSE.next(sign, [], to)
    assert isinstance(first, SafetyReply)
    then = COURSE.next(text, [Turn("user", sign), Turn("assistant", first.text)], to)
    assert isinstance(then, Caring)
    assert then.closing == ""


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("죽고 싶은 건 아니에요, 그냥 오늘 밤에 뛰어내리려고요", KO),
        ("I'm not suicidal, I just took all of my sleeping pills to end it", US),
    ],
)
def test_after_the_caring_question_a_sign_beside_a_denial_still_is_one(text: str, to: Listener) -> None:
    asked = COURSE.sadness([], to)
    assert asked
    assert isinstance(COURSE.next(text, [Turn("user", "..."), Turn("assistant", asked.opening)], to), SafetyReply)


def test_who_says_to_be_fine_and_does_not_sound_so_is_asked_once_more() -> None:
    asked = COURSE.sadness([], KO)
    assert asked
    history = [Turn("user", "..."), Turn("assistant", asked.opening)]
    step = COURSE.next("저 정말 괜찮아요. 안전하고 옆에 남편 있어요. 진정 방법만 알려주세요", history, KO)
    assert not isinstance(step, SafetyReply)


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        (
            "HR told me the supervisor has been going in and editing our punches",
            "nobody is hurt?? he changes the clock times",
        ),
        ("the supervisor edits our punches, she told me", "Nobody got hurt, it's about pay. Who do I report that to?"),
    ],
)
def test_who_says_at_once_that_nobody_is_hurt_is_believed_after_what_was_hardly_a_sign(sign: str, text: str) -> None:
    first = COURSE.next(sign, [], US)
    assert isinstance(first, SafetyReply)
    then = COURSE.next(text, [Turn("user", sign), Turn("assistant", first.text)], US)
    assert isinstance(then, Caring)


def test_who_says_that_nobody_is_hurt_is_not_believed_after_plain_words() -> None:
    first = COURSE.next("he hits me every night", [], US)
    assert isinstance(first, SafetyReply)
    then = COURSE.next("nobody is hurt", [Turn("user", "he hits me every night"), Turn("assistant", first.text)], US)
    assert isinstance(then, SafetyReply)


@pytest.mark.parametrize(("text", "to"), [("I said NOBODY wants to die. My son is sad.", US), ("아무도 안 죽어요", KO)])
def test_who_says_that_nobody_wants_to_die_is_not_asked_again(text: str, to: Listener) -> None:
    asked = COURSE.sadness([], to)
    assert asked
    assert COURSE.next(text, [Turn("user", "..."), Turn("assistant", asked.opening)], to) is None
    assert COURSE.sadness([], to, text) is None
