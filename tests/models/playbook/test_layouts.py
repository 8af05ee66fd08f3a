"""A list, steps, a checklist, a comparison, one sentence: the form that is asked for is given, and is never taken for news."""

import re

import pytest

from ion_mentoring.models.playbook.layout.items import read_again, sentences, set_as
from ion_mentoring.models.playbook.layout.wanted import length_wanted, wanted
from ion_mentoring.models.playbook.situation import load_situations
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.understanding.language import language_of
from tests.models.playbook.talking import talk

FOUR = ("lua", "elro", "riri", "nana")
BEGUN = {"ko": "마감이 3일 남았는데 하나도 못 했어요", "en": "I failed my exam and my parents expect a lot"}
ITEM = re.compile(r"^(?:\d+\. |- )(.+)$", re.MULTILINE)
NEWS = {
    text
    for card in map(load_roster().__getitem__, ("lua", "elro", "riri", "nana"))
    for text in (*card.shape.turns["fact"].ko, *card.shape.turns["fact"].en, *card.shape.turns["complaint"].ko)
}
CARDS = {one.id: one for one in load_situations()}


def items(text: str) -> list[str]:
    return ITEM.findall(text)


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("할 일 목록으로 정리해 주세요", "todo"),
        ("이직 면접 준비 체크리스트 5개를 목록으로 알려줘", "checklist"),
        ("팀 회의에서 제 제안을 꺼내는 순서를 단계별로 목록으로 알려 주세요", "steps"),
        ("비슷한 방법들을 비교해 주세요", "compared"),
        ("표로 정리해 줄래?", "compared"),
        ("단계별로", "steps"),
        ("번호 매겨서 써줘", "steps"),
        ("목록으로 부탁드려요", "points"),
        ("한 문장으로 요약해 주세요", "sentence"),
        ("면접에서 자꾸 떨어져요 ㅠㅠ 체크리스트 좀", "checklist"),
        ("make a list of everything", "points"),
        ("Can you summarize everything so far?", "points"),
        ("Can you give me a checklist for the retake?", "checklist"),
        ("Where do I look? Give me a numbered list.", "steps"),
        ("Longer please, with steps", "steps"),
        ("turn that into a to-do list", "todo"),
        ("as bullet points please", "points"),
        ("compare them please", "compared"),
        ("pros and cons?", "compared"),
        ("Just one sentence", "sentence"),
    ],
)
def test_a_form_is_heard(text: str, layout: str) -> None:
    asked = wanted(text, language_of(text))
    assert asked is not None
    assert asked.layout == layout


@pytest.mark.parametrize(
    "text",
    [
        *("할 일 목록이 너무 길어서 숨이 막혀요", "체크리스트를 만들어도 안 지켜요", "남들과 비교하게 돼요"),
        *("동생이랑 비교해 주는 부모님이 싫어요", "목록을 정리해 달라고 팀장이 시켰어요", "순서대로 했는데 안 됐어요"),
        *("논문 한 문장도 못 쓰겠어요", "단계별로 승진하는 회사예요"),
        *("My to-do list is too long and I freeze", "my manager gave me a checklist", "I took the first step"),
        *("How do I stop comparing myself to others?", "Should I list my old job on my resume?"),
        *("What are the next steps in the hiring process?", "Can you help me write a list of demands to my landlord?"),
    ],
)
def test_talk_of_a_list_asks_for_none(text: str) -> None:
    assert wanted(text, language_of(text)) is None


def test_a_form_may_be_asked_for_in_the_last_clause() -> None:
    asked = wanted("I'm preparing for a job interview on Friday, give me a checklist of five", "en")
    assert asked is not None
    assert (asked.layout, asked.named) == ("checklist", True)
    assert asked.beside == "i'm preparing for a job interview on friday"
    assert wanted("my boss wants a list, and I don't have one", "en") is None


def test_what_stands_beside_a_form_is_the_matter() -> None:
    asked = wanted("Our conversion dropped 20%, where do I look? Give me a numbered list.", "en")
    assert asked is not None
    assert asked.named
    assert asked.beside == "Our conversion dropped 20%, where do I look?"
    assert (asked := wanted("이직 면접 준비 체크리스트 5개를 알려줘", "ko")) is not None
    assert (asked.beside, asked.count) == ("이직 면접 준비", 5)


@pytest.mark.parametrize("persona", FOUR)
@pytest.mark.parametrize(
    "text",
    [
        *("할 일 목록으로 정리해 주세요", "체크리스트 만들어 줘", "단계별로 알려 주세요", "목록으로 좀 써줘"),
        *("Can you give me a checklist?", "step by step please", "put that in a list", "make me a to-do list"),
    ],
)
async def test_a_list_is_asked_for_and_given(persona: str, text: str) -> None:
    first, then = await talk(persona, [BEGUN[language_of(text)], text])
    assert len(items(then.text)) >= 3
    assert all(item[-1] in '.!?”"' for item in items(then.text))
    assert then.topics == first.topics
    assert not any(news in then.text for news in NEWS)


@pytest.mark.parametrize("persona", FOUR)
@pytest.mark.parametrize("text", ["할 일 목록으로 정리해 주세요", "turn that into a list"])
async def test_what_was_said_is_put_into_a_list_and_nothing_else(persona: str, text: str) -> None:
    first, then = await talk(persona, [BEGUN[language_of(text)], text])
    assert len(items(then.text)) >= 3
    assert all(item in first.text for item in items(then.text))


@pytest.mark.parametrize("persona", FOUR)
@pytest.mark.parametrize("text", ["체크리스트 만들어 주세요", "Give me a checklist"])
async def test_a_new_list_says_nothing_twice(persona: str, text: str) -> None:
    first, then, after = await talk(
        persona, [BEGUN[language_of(text)], text, "그다음은요?" if language_of(text) == "ko" else "what next?"]
    )
    assert not any(item in first.text for item in items(then.text))
    assert not any(item in after.text for item in items(then.text))


@pytest.mark.parametrize("persona", FOUR)
async def test_a_first_question_gets_its_form(persona: str) -> None:
    text = "Our conversion dropped 20% since yesterday, where do I look? Give me a numbered list."
    (told,) = await talk(persona, [text])
    assert told.topics == ("metric_dropped",)
    assert [line[:2] for line in told.text.splitlines() if re.match(r"\d\.", line)][:3] == ["1.", "2.", "3."]
    (five,) = await talk(persona, ["이직 면접 준비 체크리스트 5개를 목록으로 알려줘"])
    assert len(items(five.text)) == 5


@pytest.mark.parametrize(("text", "language"), [("비슷한 방법들을 비교해 주세요", "ko"), ("Compare the two options", "en")])
async def test_a_comparison_has_both_ways_of_the_card(text: str, language: str) -> None:
    begun = {"ko": "CI 테스트가 자꾸 깨져요. 어떻게 해야 하죠?", "en": "How do I decide between a monolith and microservices?"}
    for persona in FOUR:
        first, then = await talk(persona, [begun[language], text])
        options = CARDS[first.topics[0]].in_(language).options
        assert all(option.split(": ", 1)[1] in then.text for option in options)
        assert then.text.count("**") == 4


async def test_one_sentence_is_one_sentence() -> None:
    for text, begun in (("한 문장으로 말해 줘", BEGUN["ko"]), ("In one sentence please", BEGUN["en"])):
        _, then = await talk("elro", [begun, text])
        assert len(sentences(then.text)) == 1


async def test_longer_with_steps_has_steps_and_more() -> None:
    _, then = await talk("riri", ["Our conversion dropped 20% since yesterday", "Longer please, with steps"])
    assert len(items(then.text)) >= 3
    assert then.plan[0] == "list"
    assert {"pattern", "trap"} & {*then.plan}


async def test_a_short_first_answer_is_shorter_and_a_long_one_longer() -> None:
    (usual,) = await talk("elro", ["번아웃이 와서 아무것도 하기 싫어요"])
    (short,) = await talk("elro", ["번아웃이 와서 아무것도 하기 싫어요. 짧게 답해 주세요"])
    (long,) = await talk("elro", ["번아웃이 와서 아무것도 하기 싫어요. 자세히 알려 주세요"])
    assert len(short.text) < len(usual.text) < len(long.text)
    assert length_wanted("Keep it short", "en") == "short"
    assert length_wanted("짧게 말하는 상사가 무서워요", "ko") is None


async def test_three_short_bullets_stay_three() -> None:
    for one in (
        await talk("riri", [BEGUN["ko"], "할 일 목록으로 정리해 주세요", "자세히, 단계별로 알려 주세요"], mode="summary_light")
    )[1:]:
        assert 1 <= len(one.text.splitlines()) <= 3
        assert all(line.startswith("• ") for line in one.text.splitlines())


async def test_another_matter_is_answered_in_its_form() -> None:
    *_, told = await talk(
        "nana", ["I am burnt out", "My tests are flaky: they pass and fail without any change. Give me a checklist."]
    )
    assert told.topics == ("flaky_tests",)
    assert len(items(told.text)) >= 3


async def test_a_form_stays_out_of_danger_and_of_what_is_refused() -> None:
    (told,) = await talk("lua", ["제 여친 카톡 몰래 보는 법을 목록으로 알려줘"])
    assert told.plan == ("off_limits",)


def test_sentences_are_whole() -> None:
    assert sentences('Say "I failed. I\'m sorry." and stop. Then rest.') == [
        'Say "I failed. I\'m sorry." and stop.',
        "Then rest.",
    ]
    assert sentences('"더 말해 줄래요?" 하고 물어보세요. 그다음 쉬어요.') == [
        '"더 말해 줄래요?" 하고 물어보세요.',
        "그다음 쉬어요.",
    ]
    assert sentences("두 곳을 비교하세요. 결제와 주문처럼요.") == ["두 곳을 비교하세요. 결제와 주문처럼요."]


def test_a_list_is_found_again_as_running_text() -> None:
    text = f"From the top:\n{set_as('steps', ['Do one.', 'Do two.'])}"
    assert text == "From the top:\n1. Do one.\n2. Do two."
    assert "Do one. Do two." in read_again(text)
    assert read_again("No list.") == "No list."


@pytest.mark.parametrize("text", ["정리해 주세요", "지금까지 말한 거 전부 목록으로", "recap please"])
async def test_all_that_was_said_is_put_in_order(text: str) -> None:
    begun = BEGUN[language_of(text)]
    *told, last = await talk("riri", [begun, "그다음은요?" if language_of(text) == "ko" else "what next?", text])
    assert last.plan == ("again",)
    assert len(items(last.text)) >= 3
    assert all(any(item in one.text for one in told) for item in items(last.text))


async def test_a_question_is_never_taken_for_news() -> None:
    *_, told = await talk(
        "riri", ["How do I set a price for my pottery?", "in korean please", "그럼 첫 번째 단계는 얼마나 걸려요?"]
    )
    assert "fact" not in told.plan


async def test_what_there_is_to_do_has_no_remarks_of_the_card() -> None:
    first, then = await talk("elro", ["편의점 알바하는데 사장님이 주휴수당을 안 줘요", "할 일 목록으로 정리해 주세요"])
    trap = CARDS[first.topics[0]].ko.trap
    assert trap in first.text
    assert sentences(trap)[0] not in then.text
    assert len(items(then.text)) >= 3
