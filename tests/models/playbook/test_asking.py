"""A direct question is answered before anything else is said, and what they may answer is prepared for."""

import pytest

from ion_mentoring.models.playbook.asking.answers import answer_to
from ion_mentoring.models.playbook.asking.asked import Form, asked
from ion_mentoring.models.playbook.asking.closest import closest
from tests.models.playbook.talking import talk

BEGUN = {"ko": "일에 지쳐서 아무것도 하기 싫어요. 번아웃이에요", "en": "I am burnt out"}
HEADED: tuple[Form, ...] = (
    "risk", "lawful", "their_way", "normal", "too_late", "how_long", "confirm", "who", "tell_which", "which", "entitled",
    "possible", "may", "should",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Should I tell my supervisor before the audit?", ("should",)),
        ("Is it normal that I dread every shift?", ("normal",)),
        ("is it normal that he changes the plan each morning", ("their_way",)),
        ("Which of the two would you drop?", ("which",)),
        ("How long should I wait for their reply?", ("how_long",)),
        ("What if she says there's no money for it?", ("what_if",)),
        ("Can I refuse the extra shift? And who do I tell?", ("may", "who")),
        ("Are they allowed to read my mails?", ("lawful",)),
        ("Am I too old for an apprenticeship? Is it too late?", ("too_late",)),
        ("이번 달에 관두는 게 나을까요?", ("should",)),
        ("저만 이렇게 느끼나요? 제가 이상한 건가요", ("normal",)),
        ("두 군데 합격했는데 둘 중 어디를 골라야 해요?", ("which",)),
        ("며칠이나 기다려야 해요?", ("how_long",)),
        ("언제까지 답을 드려야 할까요", ("how_long",)),
        ("그 친구가 서운해하면요?", ("what_if",)),
        ("원장님이 예산이 없다고 하시면요?", ("what_if",)),
        ("먼저 전화해도 될까요?", ("may",)),
        ("계약서 없이 일 시키는 거 불법 아니에요?", ("lawful",)),
        ("퇴직금 받을 수 있어요?", ("entitled",)),
        ("마흔인데 너무 늦었을까요", ("too_late",)),
    ],
)
def test_the_form_of_a_question_is_told(text: str, forms: tuple[Form, ...]) -> None:
    assert asked(text, "ko" if any("가" <= char <= "힣" for char in text) else "en") == forms


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("If they say no I'd rather stay where I am", "en"),
        ("I don't know what I should do with my evenings", "en"),
        ("My sister says it is normal", "en"),
        ("그분한테 뭐라고 하면 돼요", "ko"),
        ("그만둔다고 하면 엄마한테 뭐라고 말하죠", "ko"),
        ("어제 회의에서 또 혼났어요", "ko"),
    ],
)
def test_what_only_looks_like_a_question_is_none(text: str, language: str) -> None:
    assert "what_if" not in asked(text, language)
    assert "normal" not in asked(text, language)
    assert "should" not in asked(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "Should I hand in my notice this month?",
        "Is it normal that I feel nothing on my days off?",
        "How long does that take to get better?",
        "Can I ask my manager for a lighter month?",
        "Would it be too late in autumn?",
        "Who could I talk to about it?",
        "Should I take leave or change teams?",
        "다음 달까지 참아야 하나요?",
        "쉬는 날에도 아무 느낌이 없는데 저만 그런가요?",
        "얼마나 걸려야 나아질까요?",
        "팀장님께 업무를 줄여 달라고 부탁해도 될까요?",
        "누구한테 물어보면 좋을까요?",
        "말하고 나면 그다음에 불이익이 있지 않을까요?",
    ],
)
@pytest.mark.parametrize("persona", ["lua", "riri"])
async def test_a_later_question_is_answered_first(text: str, persona: str) -> None:
    language = "ko" if any("가" <= char <= "힣" for char in text) else "en"
    first, then = await talk(persona, [BEGUN[language], text])
    assert then.plan[0] in ("answer", "expected")
    assert then.topics == first.topics
    assert not any(part in then.plan for part in ("quote", "fact", "nothing_fits", "which_one"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("And if my boss says it is not the right moment?", "Is there a part of it"),
        ("what if he just ignores my message", "unless you tell me otherwise"),
        ("사장님이 원래 다들 그렇게 일한다고 하면요?", "두 주만"),
        ("팀장님이 화를 내면 어떡하죠?", "내일"),
        ("안 된다고 하면요?", "되는 부분"),
    ],
)
async def test_who_asks_what_they_may_say_gets_words_for_it(text: str, says: str) -> None:
    language = "ko" if any("가" <= char <= "힣" for char in text) else "en"
    *_, then = await talk("elro", [BEGUN[language], text])
    assert then.plan == ("in_return", "and_then")
    assert says in then.text


@pytest.mark.parametrize(("text", "asks"), [("Should I do it before Monday?", "en"), ("그 얘기를 먼저 꺼내야 할까요?", "ko")])
async def test_without_a_matter_an_answer_that_holds_anywhere_is_given(text: str, asks: str) -> None:
    *_, then = await talk("nana", [{"en": "hello", "ko": "안녕하세요"}[asks], text])
    assert then.plan == ("answer",)
    assert then.text.endswith("?")


async def test_the_same_question_twice_is_answered_in_other_words() -> None:
    _, one, two = await talk("lua", [BEGUN["en"], "Should I quit?", "But should I quit?"])
    assert {one.plan[0], two.plan[0]} <= {"answer", "expected"}
    assert not {*one.text.splitlines()} & {*two.text.splitlines()} - {""}


async def test_a_first_message_that_asks_is_answered_before_it_is_comforted() -> None:
    (told,) = await talk("lua", ["Should I quit my job? I can't stand the people any more and it has been a year."])
    assert told.plan[0] in ("answer", "expected")
    assert not {"opening", "acknowledge"} & {*told.plan}


@pytest.mark.parametrize("form", HEADED)
def test_every_form_has_first_words_and_an_answer_for_itself_in_both_languages(form: Form) -> None:
    answer = answer_to(form)
    assert answer
    assert len(answer.heads.ko) == len(answer.heads.en) > 1
    assert len(answer.alone.ko) == len(answer.alone.en) > 0


def test_the_text_with_most_in_common_is_the_nearest() -> None:
    told = [("step", "Ask for fewer nights in a row."), ("people", "Your doctor and the union.")]
    assert closest("could there be fewer nights for me", told, "en") == told[0]  # type: ignore[arg-type]
    assert closest("what about my dog", told, "en") is None  # type: ignore[arg-type]


async def test_what_others_may_say_stands_beside_the_story_that_somebody_begins_with() -> None:
    story = "My boss hasn't paid me for two months and says next week. I want to ask again, but what if he says no?"
    (told,) = await talk("elro", [story])
    assert "in_return" not in told.plan
    assert told.topics == ("unpaid_wages",)
