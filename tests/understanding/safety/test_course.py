"""After a sign the same voice stays, says nothing twice, and lets go when the person is safe or elsewhere."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import Caring, SafetyReply

COURSE = SafetyCourse.load()
KO, EN = Listener("ko"), Listener("en")


def talk(texts: Sequence[str], to: Listener) -> list[SafetyReply | Caring | None]:
    """The steps of a conversation in which both sides are kept."""
    history: list[Turn] = []
    steps = []
    for text in texts:
        step = COURSE.next(text, history, to)
        said = step.text if isinstance(step, SafetyReply) else f"{step.opening}\n\n..." if step else "An ordinary answer."
        history += [Turn("user", text), Turn("assistant", said)]
        steps.append(step)
    return steps


@pytest.mark.parametrize(
    ("texts", "to"),
    [
        (["죽고 싶어요", "네 집에 혼자 있어요. 약도 옆에 있어요", "모르겠어요", "..."], KO),
        (["I want to kill myself tonight", "what should I do now?", "still here", "I don't know"], EN),
        (["남편이 때려요", "지금은 나갔어요", "무서워요"], KO),
        (["my husband hits me", "he is asleep now", "I don't know where to go"], EN),
        (["친구가 죽고 싶대요 어떻게 해야 하죠", "전화를 안 받아요", "무서워요"], KO),
    ],
)
def test_the_next_turns_are_answered_by_the_same_voice_and_never_twice_the_same(texts: list[str], to: Listener) -> None:
    steps = talk(texts, to)
    assert all(isinstance(step, SafetyReply) for step in steps)
    said = [step.text for step in steps if isinstance(step, SafetyReply)]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("sign", "text", "way", "to"),
    [
        ("죽고 싶어요", "상담전화는 무서워서 못 하겠어요", "문자 109", KO),
        ("I want to die", "I can't call anyone, I'm too scared to talk", "chat at 988lifeline.org", EN),
    ],
)
def test_who_cannot_telephone_gets_another_way_once(sign: str, text: str, way: str, to: Listener) -> None:
    _, other, after = talk([sign, text, text], to)
    assert isinstance(other, SafetyReply)
    assert way in other.text
    assert isinstance(after, SafetyReply)
    assert after.text != other.text


@pytest.mark.parametrize(
    ("texts", "to"),
    [
        (["죽고 싶어요", "언니가 왔어요. 이제 좀 괜찮아요", "발표 준비는 어떻게 하면 좋을까요?"], KO),
        (["I want to die", "my sister is here, I'm safe now", "How do I prepare a presentation?"], EN),
    ],
)
def test_it_ends_when_the_person_says_that_they_are_safe(texts: list[str], to: Listener) -> None:
    first, relief, after = talk(texts, to)
    assert isinstance(first, SafetyReply)
    assert isinstance(relief, SafetyReply)
    assert after is None


@pytest.mark.parametrize(
    ("texts", "to"),
    [
        (["죽고 싶어요", "그건 그렇고 연봉 협상은 어떻게 하면 좋을까요?", "얼마를 부를까요? 동기들은 더 받아요"], KO),
        (["I want to die", "anyway, how do I negotiate my salary?", "What number should I say first?"], EN),
    ],
)
def test_the_first_ordinary_answer_asks_once(texts: list[str], to: Listener) -> None:
    _, back, after = talk(texts, to)
    assert isinstance(back, Caring)
    assert "?" in back.opening
    assert after is None


@pytest.mark.parametrize("text", ["안전하지 않아요", "괜찮지 않아요", "I'm not safe", "I'm not okay"])
def test_who_is_not_safe_is_not_let_go(text: str) -> None:
    _, step, after = talk(["I want to die", text, "..."], EN)
    assert isinstance(step, SafetyReply)
    assert isinstance(after, SafetyReply)


@pytest.mark.parametrize(
    "text",
    [
        "how do I leave him without telling the kids?",
        "경찰에 신고하면 남편이 알게 되나요?",
        "is it my fault that he does it?",
        "선생님한테 말하면 혼날까요?",
        "why does this keep happening?",
        "어디서부터 잘못된 걸까요?",
    ],
)
def test_a_question_about_the_same_matter_is_no_other_subject(text: str) -> None:
    _, step = talk(["my husband hits me", text], EN)
    assert isinstance(step, SafetyReply)


def test_a_sign_in_a_history_that_the_client_keeps_is_seen() -> None:
    history = [Turn("user", "I want to kill myself tonight")]
    step = COURSE.next("what should I do now?", history, EN)
    assert isinstance(step, SafetyReply)
    assert step.danger.kind == "suicide"


def test_without_the_other_side_the_texts_still_take_turns() -> None:
    history = [Turn("user", "죽고 싶어요")]
    said = []
    for text in ("네", "혼자요", "모르겠어요"):
        step = COURSE.next(text, history, KO)
        assert isinstance(step, SafetyReply)
        said.append(step.text)
        history.append(Turn("user", text))
    assert len(set(said)) == 3


def test_another_kind_of_danger_gets_its_own_first_answer() -> None:
    _, step = talk(["죽고 싶어요", "남편이 때려요"], KO)
    assert isinstance(step, SafetyReply)
    assert step.danger.kind == "home_violence"
    assert step.text == COURSE.answers.first(step.danger, KO)


@pytest.mark.parametrize(
    ("texts", "to"),
    [
        (["친구가 죽고 싶다고 해요", "그냥 죽고 싶어요. 다 끝내고 싶어요"], KO),
        (["언니가 자해를 해요", "사실은 저도 죽고 싶어요"], KO),
        (["my friend says she wants to die", "I just want to die. I want to end it all"], EN),
        (["my brother cuts himself", "honestly I want to kill myself too"], EN),
    ],
)
def test_who_worried_for_another_and_wants_to_die_gets_the_first_answer_for_that_with_its_lines(
    texts: list[str], to: Listener
) -> None:
    of_other, own = talk(texts, to)
    assert isinstance(of_other, SafetyReply)
    assert of_other.danger.other
    assert isinstance(own, SafetyReply)
    assert not own.danger.other
    assert own.text == COURSE.answers.first(own.danger, to, texts[-1])
    assert "\n- " in own.text


def test_a_sign_again_after_the_end_is_answered_again_in_other_words() -> None:
    texts = ["죽고 싶어요", "이제 괜찮아졌어요", "발표 준비는 어떻게 하면 좋을까요?", "다시 죽고 싶어요"]
    first, _, _, again = talk(texts, KO)
    assert isinstance(first, SafetyReply)
    assert isinstance(again, SafetyReply)
    assert again.text != first.text


def test_when_all_was_said_a_text_comes_again_rather_than_none() -> None:
    steps = talk(["죽고 싶어요", *["모르겠어요"] * 12], KO)
    assert all(isinstance(step, SafetyReply) for step in steps)


@pytest.mark.parametrize(("text", "to"), [("내일이 오는 게 무서워요", KO), ("I feel empty inside", EN)])
def test_where_it_is_unsure_a_caring_question_is_asked_and_once_more_in_other_words(text: str, to: Listener) -> None:
    first, again, then = talk([text] * 3, to)
    assert isinstance(first, Caring)
    assert "?" in first.opening
    assert first.closing
    assert isinstance(again, Caring)
    assert again.opening != first.opening
    assert then is None


def test_an_ordinary_conversation_is_left_alone() -> None:
    assert talk(["코드 리뷰는 어떻게 하나요?", "고마워요"], KO) == [None, None]


def test_a_sad_person_is_asked_once() -> None:
    caring = COURSE.sadness([], KO)
    assert caring
    assert "?" in caring.opening
    assert COURSE.sadness([Turn("user", "슬퍼요"), Turn("assistant", caring.opening + "\n\n109")], KO) is None


def asked_faintly(to: Listener) -> list[Turn]:
    """A conversation whose last answer began with the question that names no danger."""
    faint = Danger("suicide", sure=False, faint=True)
    question = COURSE.answers.question(faint, to)
    return [Turn("user", "..."), Turn("assistant", f"{question}\n\nAn ordinary answer.")]


@pytest.mark.parametrize(("yes", "to"), [("네", KO), ("yes", EN)])
def test_a_yes_to_the_question_that_names_no_danger_is_asked_about_plainly(yes: str, to: Listener) -> None:
    step = COURSE.next(yes, asked_faintly(to), to)
    assert isinstance(step, Caring)
    assert step.opening == COURSE.answers.question(Danger("suicide", sure=False), to)


@pytest.mark.parametrize(("no", "to"), [("아니요, 괜찮아요", KO), ("no, I'm fine", EN)])
def test_a_no_to_it_is_let_go(no: str, to: Listener) -> None:
    assert COURSE.next(no, asked_faintly(to), to) is None


@pytest.mark.parametrize("to", [KO, EN])
def test_it_is_asked_once_and_no_more_for_a_while(to: Listener) -> None:
    history = asked_faintly(to)
    assert COURSE.sadness(history, to) is None
    assert COURSE.sadness(history[:0], to) is not None


@pytest.mark.parametrize(
    ("texts", "to", "line"),
    [
        (["I want to die", "I don't want to tell anyone"], EN, "116 123"),
        (["I don't want to live any more", "I'm not telling my parents"], EN, "116 123"),
        (["죽고 싶다", "아무한테도 말하고 싶지 않아요"], KO, "109"),
    ],
)
def test_who_keeps_it_to_themselves_has_not_refused_the_lines(texts: list[str], to: Listener, line: str) -> None:
    step = talk(texts, replace(to, country="GB" if to is EN else "KR"))[-1]
    assert isinstance(step, SafetyReply)
    assert line in step.text


@pytest.mark.parametrize(
    ("texts", "to"),
    [
        (["I want to die", "what should I cook for dinner?"], EN),
        (["죽고 싶다", "오늘 저녁은 뭐 먹죠?"], KO),
        (["죽고 싶다", "점심 뭐 시켜 먹을까요?"], KO),
    ],
)
def test_a_meal_is_no_danger_to_whom_eating_is_none(texts: list[str], to: Listener) -> None:
    step = talk(texts, to)[-1]
    assert step is not None
    assert step.danger.kind == "suicide"
    assert not any(word in f"{step}" for word in ("fight", "토하", "vomit", "먹고 나서"))


def test_what_was_said_in_plain_words_is_not_taken_back_for_the_person() -> None:
    step = talk(["죽고 싶다", "아무한테도 말하고 싶지 않아요", "내일 발표가 있는데 뭘 준비해야 하죠?"], KO)[-1]
    assert isinstance(step, Caring)
    assert "안전한가요" in step.opening
