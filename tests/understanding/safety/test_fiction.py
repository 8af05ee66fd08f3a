"""Danger of somebody made up is no alarm; the writer's own beside it is, and "actually it's me" turns it into one."""

import pytest

from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.danger import Kind
from ion_mentoring.understanding.safety.fiction import Fiction
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.replies import SafetyReply
from tests.understanding.safety.test_later import talk

FICTION, COURSE = Fiction.load(), SafetyCourse.load()
KO, US = Listener("ko"), Listener("en", "US")
MADE_UP = [
    ("I'm writing a novel and my character wants to kill herself, how do I write it", "actually it's me", "suicide", US),
    ("for my homework: why does Romeo want to kill himself", "ok it's about me", "suicide", US),
    ("in my story the girl gets beaten by her husband", "it's not a story, it's me", "home_violence", US),
    ("my character is standing on the roof about to jump", "the character is me", "suicide", US),
    ("소설 쓰는데 주인공이 죽고 싶어해요 어떻게 쓰죠", "사실 제 얘기예요", "suicide", KO),
    ("웹소설에서 여주가 남편한테 맞는 장면을 쓰고 있어요", "소설 아니고 저예요", "home_violence", KO),
    ("국어 숙제인데 주인공이 자살하려는 이유가 뭐예요", "그 주인공이 사실 저예요", "suicide", KO),
]


@pytest.mark.parametrize(("told", "admitted", "kind", "to"), MADE_UP)
def test_somebody_made_up_is_no_alarm_until_it_is_the_writer(told: str, admitted: str, kind: Kind, to: Listener) -> None:
    more = "장면을 어떻게 살리죠" if to is KO else "how do I make the scene real"
    first, second, right, after = talk([told, more, admitted, "음" if to is KO else "hm"], to)
    assert first is second is None
    for step in (right, after):
        assert isinstance(step, SafetyReply)
        assert (step.danger.kind, step.danger.other) == (kind, False)


@pytest.mark.parametrize(
    "text",
    [
        "I'm writing a book and I want to kill myself",
        "my dad hits me when i dont do my homework",
        "my character wants to die just like me",
        "in my book club they hit me",
        "소설을 쓰는데 사실 저도 죽고 싶어요",
        "숙제 안 했다고 아빠가 때려요",
        "국어 숙제인데 하기 싫고 죽고싶다",
        "남주처럼 사라지고 싶다",
    ],
)
def test_what_is_the_writers_own_is_not_made_up(text: str) -> None:
    assert not FICTION.is_told(text)


def test_it_is_me_after_a_story_without_danger_is_none() -> None:
    assert talk(["my character bakes bread for the village", "actually it's me"], US) == [None, None]


def test_a_danger_that_is_spoken_of_does_not_end_with_a_story() -> None:
    assert isinstance(talk(["I want to die", "in my story she dies too"], US)[-1], SafetyReply)
