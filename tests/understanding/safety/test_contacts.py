"""Beside every turn of a course about danger stands who can be reached: by name, in order, and for as long as it lasts."""

import re

import pytest

from ion_mentoring.understanding.safety.contacts import Contact
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.helplines import Helplines
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import Caring, SafetyReply

COURSE = SafetyCourse.load()
HELPLINES = Helplines.load()
KOREAN, AMERICAN = Listener("ko", "KR"), Listener("en", "US")
NUMBER = re.compile(r"(?<![\d#-])(?:1-\d{3}-\d{3}-\d{4}|0\d{1,3}(?:[ -]\d{3,4}){1,2}|116 123|\d{3,4}(?:-\d{4})?)(?![\d-])")


def held(to: Listener, *texts: str) -> list[tuple[SafetyReply | Caring | None, tuple[Contact, ...]]]:
    """The replies to what somebody writes, one after the other, each with who can be reached beside it."""
    history: list[Turn] = []
    replies: list[tuple[SafetyReply | Caring | None, tuple[Contact, ...]]] = []
    for text in texts:
        said = COURSE.next(text, history, to)
        replies.append((said, COURSE.contacts(said, to) if said else ()))
        ours = said.text if isinstance(said, SafetyReply) else said.opening if said else "…"
        history += [Turn("user", text), Turn("assistant", ours)]
    return replies


def calls(contacts: tuple[Contact, ...]) -> list[tuple[str, str]]:
    return [(one.to, one.name) for one in contacts if one.by == "call"]


@pytest.mark.parametrize("then", ["아무한테도 말하고 싶지 않아요", "네", "배고파요", "살 빼고 싶어요", "무서워요"])
def test_the_line_against_suicide_stays_and_comes_first(then: str) -> None:
    named = [("109", "자살예방 상담전화"), ("119", "구급차"), ("112", "경찰")]
    for said, contacts in held(KOREAN, "요즘 너무 힘들어서 그냥 죽고 싶다는 생각이 자꾸 들어요", then):
        assert isinstance(said, SafetyReply)
        assert calls(contacts)[:3] == named


def test_it_stays_in_english_too_also_for_messages() -> None:
    for _, contacts in held(AMERICAN, "I want to die", "I don't want to tell anyone", "What should I cook for dinner?"):
        assert calls(contacts) == [("988", "Suicide & Crisis Lifeline (US)"), ("911", "Emergency")]
        assert Contact("Crisis Text Line (US)", "text", "741741", "HOME") in contacts


def test_what_happens_in_this_minute_is_for_an_ambulance_first_and_the_line_stays() -> None:
    [_, (_, contacts)] = held(AMERICAN, "I want to die", "I swallowed 30 pills")
    assert [number for number, _ in calls(contacts)] == ["911", "988"]


def test_where_somebody_is_hurt_the_police_come_before_an_ambulance() -> None:
    [(_, first), (_, then)] = held(KOREAN, "남편이 저를 때려요", "지금 문을 부수고 있어요")
    assert [number for number, _ in calls(first)] == ["1366", "112", "119"]
    assert [number for number, _ in calls(then)] == ["112", "119", "1366"]


def test_a_child_has_the_line_for_children_and_the_one_against_suicide() -> None:
    [(_, contacts)] = held(KOREAN, "중학생인데 죽고 싶어요")
    assert [number for number, _ in calls(contacts)][:2] == ["1388", "109"]


def test_the_country_that_somebody_names_counts() -> None:
    [_, (_, contacts)] = held(Listener("en", "US"), "I want to die", "I live in London")
    assert [number for number, _ in calls(contacts)] == ["116 123", "999"]


def test_beside_a_promise_to_name_no_more_numbers_there_are_none() -> None:
    [_, (said, contacts)] = held(KOREAN, "죽고 싶어요", "번호 좀 그만 말해요 짜증나")
    assert isinstance(said, SafetyReply)
    assert said.text.startswith("알겠어요. 번호는 그만")
    assert contacts == ()


def test_each_way_is_there_once_and_they_stay_few() -> None:
    [(_, contacts)] = held(Listener("en"), "I want to die")
    assert len({(one.by, one.to) for one in contacts}) == len(contacts) <= 7


def test_the_numbers_of_the_data_are_those_that_the_lines_name() -> None:
    for country in HELPLINES.book.countries.values():
        for line in country.lines:
            assert all(number in line.ko and number in line.en for number in (line.number, line.write, line.says))
            assert line.number or line.write or line.site
        for language in ("ko", "en"):
            assert set(NUMBER.findall(country.emergency.in_(language))) == {one.number for one in country.numbers}
