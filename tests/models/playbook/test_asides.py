"""What is no mentor's matter gets one true sentence and what can be done instead; a mentor who is called answers at once."""

import pytest

from ion_mentoring.models.playbook.asides.asides import aside_to, greets
from ion_mentoring.models.playbook.naming import beside_name
from ion_mentoring.understanding.language import language_of
from tests.models.playbook.talking import talk

FOUR = ("lua", "elro", "riri", "nana")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("can I take two aspirin with my antibiotics?", "pharmacist"),
        ("What's the right dose of melatonin for a night worker", "pharmacist"),
        ("진통제 두 개 같이 먹어도 돼요?", "약사"),
        ("수면제 몇 알까지 괜찮아요", "약사"),
        ("will it snow on Friday?", "weather"),
        ("주말에 비 온대요? 오늘 날씨 어때", "날씨"),
        ("got any good jokes", "Jokes"),
        ("재밌는 얘기 하나만 해 줘", "재주"),
        ("write me a little poem for my mum", "poems"),
        ("삼행시 지어 줘", "시"),
        ("how do I bake a chocolate cake", "recipe"),
        ("된장찌개 끓이는 법 알려 줘", "요리"),
        ("who won last night", "search"),
        ("로또 번호 찍어 줘", "검색"),
    ],
)
@pytest.mark.parametrize("persona", ["lua", "elro"])
async def test_it_is_declined_in_one_breath(text: str, says: str, persona: str) -> None:
    (told,) = await talk(persona, [text])
    assert told.plan == ("off_topic",)
    assert says in told.text
    assert not told.offered
    assert "\n" not in told.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("I just want somebody to listen", "I'm listening"),
        ("no advice please, just hear me out", "I'm listening"),
        ("could do with a kind word today", "I'm listening"),
        ("조언 말고 그냥 들어주면 안 돼요?", "듣고 있을게요"),
        ("오늘은 그냥 위로가 필요해요", "듣고 있을게요"),
        ("제 얘기 좀 들어주세요", "듣고 있을게요"),
    ],
)
async def test_who_wants_to_be_heard_and_tells_no_matter_is_listened_to(text: str, says: str) -> None:
    told = await talk("lua", [text, text])
    assert says in told[0].text
    assert told[0].topics == ()
    assert told[1].text != told[0].text


@pytest.mark.parametrize(
    "texts",
    [["how much ibuprofen can I take", "no, just the dose please"], ["두통약 몇 알 먹어도 돼요?", "아니 몇 알까지 되냐고요"]],
)
async def test_who_insists_on_a_dose_gets_no_menu_and_no_other_matter(texts: list[str]) -> None:
    first, then = await talk("nana", texts)
    assert first.plan == then.plan == ("off_topic",)
    assert first.text != then.text


@pytest.mark.parametrize(
    "text",
    [
        "My boss made a joke about my accent in front of everybody",
        "the rain costs us two working days a week and I'm paid by the day",
        "사장님이 농담처럼 그만두라고 해요",
        "식당 레시피를 후임이 자꾸 안 지켜요",
        "my boss only wants people who listen and never talk",
        "팀원이 조언을 구하는데 제 조언 말고 다른 사람에게 물으라고 하고 싶어요",
        "회의에서 제 말을 아무도 안 들어줘요",
        "회의 시간에 무슨 말을 해야 할지 모르겠어요",
        "약속을 몇 번이나 어겼는지 몰라요",
    ],
)
def test_a_matter_of_work_is_none(text: str) -> None:
    assert aside_to(text, language_of(text)) == ()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Could Riri take this? How many weeks would it need?", "How many weeks would it need?"),
        ("엘로로 바꿔 주세요. 순서를 좀 정리해 주세요", "순서를 좀 정리해 주세요"),
        ("나나, 이 얘기 누구에게 먼저 해요?", "이 얘기 누구에게 먼저 해요?"),
        ("Elro please", ""),
    ],
)
def test_what_is_asked_beside_a_name_is_kept(text: str, rest: str) -> None:
    assert beside_name(text) == rest


async def test_a_mentor_who_is_called_answers_what_was_asked_in_the_same_turn() -> None:
    *_, then = await talk("riri", ["I am burnt out", "Can I talk to Riri? Should I quit right now?"])
    assert then.plan[:2] in (("mentor", "answer"), ("mentor", "expected"))
    assert "Riri" in then.text.split("\n\n")[0]


async def test_a_mentor_who_takes_over_says_something_to_the_matter() -> None:
    first, then = await talk("elro", ["회의가 너무 많아요", "엘로한테 물어볼래요"])
    assert then.plan[0] == "mentor"
    assert len(then.plan) == 2
    assert then.topics == first.topics


@pytest.mark.parametrize(
    "text", ["이거 좀 고장 난 것 같아요. 다른 멘토로 바꿔 주세요", "This is going nowhere with me. Another mentor please"]
)
async def test_who_names_no_mentor_may_choose_one(text: str) -> None:
    *_, then = await talk("nana", ["회의가 너무 많아요" if text[0] == "이" else "I am burnt out", text])
    assert then.plan == ("mentor",)


@pytest.mark.parametrize(
    "text",
    [
        *("오늘 저녁은 뭐 먹죠?", "점심 메뉴 추천해 줘", "뭐 먹지", "이번 주말에 볼 만한 영화 있어요?", "노래 추천 좀"),
        *("What should I cook for dinner?", "any good film for tonight?", "dinner ideas?", "recommend me a series"),
    ],
)
async def test_a_plain_everyday_question_gets_a_short_true_reply(text: str) -> None:
    for persona in FOUR:
        (told,) = await talk(persona, [text])
        assert told.plan == ("off_topic",)
        assert told.topics == ()
        assert len(told.text) < 200
        assert not greets(told.text, language_of(text))


@pytest.mark.parametrize(
    "text", ["회식에서 저녁은 뭐 먹죠? 상사가 술을 권해요", "What should I eat before the exam to stay focused?"]
)
def test_a_meal_of_work_or_study_is_none_of_these(text: str) -> None:
    assert not aside_to(text, language_of(text))


async def test_who_did_not_greet_is_not_greeted() -> None:
    (hungry,) = await talk("lua", ["배고파요"])
    (hello,) = await talk("lua", ["안녕하세요"])
    assert hungry.plan == hello.plan == ("small_talk",)
    assert not greets(hungry.text, "ko")
    assert greets(hello.text, "ko")
