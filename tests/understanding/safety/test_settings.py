"""Who is hurt at school, in a lesson, in the army, at work, online or at home is answered for that place, and for no other."""

import re

import pytest

from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.danger import SETTINGS, Danger, Setting
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.later.settings import PLACES, Settings
from ion_mentoring.understanding.safety.replies import SafetyReply
from tests.understanding.safety.test_emergencies import last
from tests.understanding.safety.test_later import talk

TOLD, ANSWERS = Settings.load(), SafetyAnswers.load()
KO, EN, US = Listener("ko"), Listener("en"), Listener("en", "US")
HOME = re.compile(r"현관|부엌|때리는 사람은|front door|kitchen|will they be back")
WORK = re.compile(r"일터|사표|회사 밖|your shift|workplace|your job badly")


@pytest.mark.parametrize(
    ("texts", "setting"),
    [
        (["수영 코치가 물속에 머리를 눌러요"], "lesson"),
        (["my gymnastics coach slaps us when we miss a landing"], "lesson"),
        (["후임인데 생활관에서 매일 맞아요"], "army"),
        (["the lads in my platoon kick me at night"], "army"),
        (["점장이 창고에서 뺨을 때렸어요"], "work"),
        (["할머니 계신 요양원에서 간병인이 때리는 것 같아요"], "care"),
        (["the pastor touches me after youth group"], "faith"),
        (["my flatmate threw a pan at me"], "shared"),
        (["디스코드에서 만난 사람이 사진 뿌린다고 협박해요"], "online"),
        (["새아빠가 밤마다 때려요"], "home"),
        (["엄마 계신 요양원 간병인이 엄마를 꼬집어요"], "care"),
        (["비가 와서 우울해요"], None),
    ],
)
def test_the_setting_is_told_from_who_hurts_and_where(texts: list[str], setting: Setting | None) -> None:
    assert TOLD.told(texts) == setting


def test_a_place_that_is_denied_is_none_and_the_one_put_right_is_believed() -> None:
    assert TOLD.told(["쌤이 자꾸 만져요", "우리 집이 아니라 도장이에요"]) == "lesson"
    assert TOLD.told(["he keeps hitting me", "it's not my husband, it's my manager"]) == "work"
    assert TOLD.told(["반 애들이 때려요", "저 회사 안 다녀요"]) == "school"


def test_a_job_named_before_is_not_where_somebody_is_hurt() -> None:
    assert TOLD.told(["how do I write to my manager?", "my husband beats me"]) == "home"


@pytest.mark.parametrize(
    ("texts", "to", "wrong"),
    [
        (["저 중2인데 일진들이 화장실에서 때려요", "어떻게 해요", "모르겠어요"], KO, (HOME, WORK)),
        (["kids in my class beat me up every day, im 13", "what should I do", "i dont know"], US, (HOME, WORK)),
        (["검도 관장이 죽도로 때려요 중1이에요", "이제 어떡해요", "음"], KO, (HOME, WORK)),
        (["my supervisor at the factory punched me", "what now", "hm"], US, (HOME,)),
        (["선임이 생활관에서 매일 때립니다", "어떻게 해야 합니까", "모르겠습니다"], KO, (HOME, WORK)),
    ],
)
def test_no_text_speaks_of_a_place_that_was_not_named(
    texts: list[str], to: Listener, wrong: tuple[re.Pattern[str], ...]
) -> None:
    for step in talk(texts, to):
        said = getattr(step, "text", "")
        assert said
        assert not [pattern.pattern for pattern in wrong if pattern.search(said)]


@pytest.mark.parametrize(
    ("sign", "said", "to"),
    [
        ("같은 반 애들이 매일 때려요 중3이에요", "117", KO),
        ("아들이 부대에서 선임한테 맞는대요", "국방헬프콜 1303", KO),
        ("팀장이 회식에서 뺨을 때렸어요", "노동청", KO),
        ("my manager shoved me into a shelf", "public office for labour", US),
        ("my coach hits me when I lose", "whoever runs the place", US),
    ],
)
def test_whom_one_can_tell_depends_on_the_place(sign: str, said: str, to: Listener) -> None:
    asked = "어디에 신고해요?" if to is KO else "who do I report it to?"
    assert said in last([sign, asked], to)


@pytest.mark.parametrize("to", [KO, EN])
def test_every_place_has_a_next_step_that_is_whole(to: Listener) -> None:
    for setting in SETTINGS:
        here = Listener(to.language, None, setting)
        for other, minor in ((False, False), (False, True), (True, False)):
            for text in ANSWERS.following(Danger("home_violence", True, other, minor), here):
                assert "{" not in text
                assert "?" in text
        assert ANSWERS.asked_for("누구한테 말해요?", Danger("home_violence", True), here)
    assert PLACES.endswith("*.toml")


def test_who_worries_for_one_who_is_beaten_is_not_asked_about_suicide() -> None:
    for text in (*ANSWERS.following(Danger("home_violence", True, other=True), EN),):
        assert not re.search("suicide|dying|killing", text)
    for text in ANSWERS.following(Danger("eating", True, other=True), KO):
        assert "죽고 싶" not in text


@pytest.mark.parametrize(
    ("texts", "heard", "said", "to"),
    [
        (
            ["the kids at school keep hitting me", "it's not at school, it's at my dance class"],
            "putting that right",
            "train",
            US,
        ),
        (["회사에서 팀장이 때려요", "아니 회사 말고 학원이요"], "바로잡아", "가르치는 사람", KO),
        (["my boss hits me", "sorry i meant my dad"], "putting that right", "Is that person in the house", US),
        (["he keeps hitting me", "it's not my husband, it's my manager"], "putting that right", "tough management", US),
        (["my sister gets beaten by her husband", "not her husband, her boss"], "putting that right", "not looking away", US),
    ],
)
def test_a_place_that_is_put_right_is_answered_for_from_then_on(texts: list[str], heard: str, said: str, to: Listener) -> None:
    answer = last(texts, to)
    assert heard in answer
    assert said in answer


@pytest.mark.parametrize(
    ("texts", "to"),
    [
        (["남편이 때려요", "남편이 아니라 오빠예요"], KO),
        (["he keeps beating me up at home", "not my husband, my brother"], US),
        (["my husband hits me", "it's my brother not my husband"], US),
    ],
)
def test_another_of_the_family_who_hurts_makes_nobody_a_helper(texts: list[str], to: Listener) -> None:
    for step in talk([*texts, "음" if to is KO else "hm"], to):
        assert isinstance(step, SafetyReply)
        assert (step.danger.kind, step.danger.other) == ("home_violence", False)


def test_a_no_that_denies_no_place_puts_nothing_right() -> None:
    assert TOLD.told(["my boss hits me", "no i can't tell my dad", "i don't want my mum to know"]) == "work"
    assert not any(
        TOLD.corrects(text) for text in ("i don't want my mum to know", "저 회사 안 다녀요", "때리는 게 아니라 만져요")
    )


def test_whoever_wants_to_die_is_led_to_the_line_for_that_wherever_they_are() -> None:
    texts = ["팀장이 회의에서 저를 계속 무시해요", "그냥 죽고 싶다는 생각이 자꾸 들어요"]
    *_, step = talk(texts, KO)
    assert isinstance(step, SafetyReply)
    assert "109" in step.text
    assert "1350" not in step.text
