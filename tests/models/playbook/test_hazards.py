"""Physical danger at work is told before any other matter, and safety is what is said first."""

import pytest

from ion_mentoring.models.playbook.hazards.hazards import hazard_in, load_hazards
from ion_mentoring.understanding.language import language_of
from tests.models.playbook.talking import talk

TOLD = [
    ("They took the guard off the bread slicer so that it runs faster, and I'm on it all morning", "unsafe_work"),
    ("we go up on the roof without a harness and the boss says it's only ten minutes", "unsafe_work"),
    ("The forklift's brakes are gone and it nearly hit me twice", "unsafe_work"),
    ("프레스 안전 센서를 꺼 놓고 일하래요", "unsafe_work"),
    ("비 오는 날 비계에서 미끄러질 뻔했는데 안전고리도 없어요", "unsafe_work"),
    ("I was driving the night lorry and nodded off twice on the motorway", "tired_at_the_wheel"),
    ("이틀째 못 자고 트럭 운전을 하는데 눈이 감겨요", "tired_at_the_wheel"),
    ("One of my residents with dementia punched me in the face", "hit_at_work"),
    ("I'm a teaching assistant and a pupil bit me again", "hit_at_work"),
    ("병동에서 환자가 발로 차서 멍이 들었어요", "hit_at_work"),
    ("The chef corners me in the walk-in and puts his hands on my waist", "touched_at_work"),
    ("점장이 창고에서 자꾸 허리를 감아요", "touched_at_work"),
]


@pytest.mark.parametrize(("text", "hazard"), TOLD)
async def test_safety_comes_first(text: str, hazard: str) -> None:
    (told,) = await talk("lua", [text])
    assert told.topics == (hazard,)
    counsel = load_hazards()[hazard].in_(told.language)
    assert counsel.insight in told.text.split("\n\n")[0]


@pytest.mark.parametrize(
    "text",
    [
        "my boss asked me to touch base with the client",
        "The concert was live and I loved it",
        "I can't fall asleep before a shift",
        "The patient hit the call button at three",
        "학생이 저한테 물었는데 답을 못 했어요",
        "발표가 위험할 정도로 떨려요",
        "운전면허를 딸까 말까 고민이에요",
        "사장님이 회의를 막아서 답답해요",
    ],
)
def test_what_only_sounds_like_it_is_no_danger(text: str) -> None:
    assert hazard_in(text, language_of(text)) is None


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["The guard is missing on my saw", "Can I refuse to use it? And who do I tell?"], "Yes"),
        (["기계 안전 덮개를 떼고 하래요", "안 하겠다고 말해도 될까요?"], "돼요"),
    ],
)
async def test_a_question_about_it_is_answered_from_its_own_counsel(texts: list[str], says: str) -> None:
    *_, then = await talk("lua", texts)
    assert then.topics == ("unsafe_work",)
    assert then.plan[0] == "answer"
    assert says in then.text


async def test_danger_goes_before_the_matter_in_hand() -> None:
    first, then = await talk("nana", ["회의가 너무 많아요", "그리고 어제 어르신이 제 머리채를 잡고 때렸어요"])
    assert first.topics == ("too_many_meetings",)
    assert then.topics == ("hit_at_work",)


async def test_in_the_light_mode_the_first_bullet_is_safety() -> None:
    (told,) = await talk("riri", ["They removed the guard from my lathe"], mode="summary_light")
    assert "step away" in told.text.splitlines()[0]


def test_every_danger_is_told_in_both_languages_at_one_length() -> None:
    for one in load_hazards().values():
        for field in ("steps", "options", "questions"):
            assert len(getattr(one.ko, field)) == len(getattr(one.en, field))
