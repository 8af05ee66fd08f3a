"""Ways of going about what anybody may ask about anything, where no matter fits."""

import re
from pathlib import Path

import msgspec
import pytest

from ion_mentoring.models.playbook.asking.anywhere import ANYWHERE, Kind, heavy, kind_told, kinds_in
from ion_mentoring.models.playbook.finding import Offered, find
from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.models.protocol import Message, Prompt
from ion_mentoring.resources import paths, read_toml
from ion_mentoring.usage.meter import UsageMeter
from tests.models.playbook.talking import DETECTOR, PLAYBOOK, ROSTER, talk

QUESTIONS = Path(__file__).parent / "questions"
BANNED = re.compile(r"[—–{}\n]|!")
QUOTED = re.compile("“[^”]*”")
SENTENCE = re.compile(r"[.?](?=\s|$)")
KINDS = msgspec.convert(read_toml(paths(ANYWHERE)[0])["kind"], tuple[Kind, ...])
FOUR = ("lua", "elro", "riri", "nana")
ASKS = {
    "ko": "전기기능사 실기 독학 되나요",
    "en": "I have to give a speech at the allotment society's 50th anniversary, where do I even start",
}
FEW = {"ko": "일주일에 여섯 시간이요", "en": "about forty guests"}


def messages(language: str) -> list[tuple[str, str]]:
    """Requests by the author of the patterns, each with its kind; `-` for what is of none."""
    lines = (QUESTIONS / f"anywhere_{language}.txt").read_text(encoding="utf-8").splitlines()
    return [(kind, text) for kind, _, text in (line.partition("|") for line in lines)]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_requests_are_told_by_their_form(language: str) -> None:
    told = {text: next((one.name for one in kinds_in(text, language)), "-") for _, text in messages(language)}
    assert [(kind, text, told[text]) for kind, text in messages(language) if kind not in ("-", told[text])] == []


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_what_is_no_request_gets_no_way(language: str) -> None:
    for kind, text in messages(language):
        if kind == "-":
            assert "anywhere" not in (await talk("nana", [text]))[0].plan, text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_ways_and_questions_have_their_form_and_stand_once(language: str) -> None:
    ways = [way for one in KINDS for way in one.ways.in_(language)]
    asks = [text for one in KINDS for text in one.asks.in_(language)]
    assert len({*ways, *asks}) == len(ways) + len(asks) == 4 * len(KINDS)
    assert [text for text in (*ways, *asks) if BANNED.search(text)] == []
    counted = {way: len(SENTENCE.findall(QUOTED.sub("", way))) + way.count("“") for way in ways}  # a quote may end a sentence
    assert [way for way, most in counted.items() if not 2 <= most <= 5 or way.endswith("?")] == []
    assert [text for text in asks if not text.endswith("?")] == []
    assert [kind.name for kind in KINDS for way in kind.ways.in_(language) if kind_told(f"a. {way} b", language) != kind] == []


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("persona", FOUR)
async def test_a_way_is_told_in_the_persona_s_words_with_a_question(persona: str, language: str) -> None:
    (only,) = await talk(persona, [ASKS[language]])
    assert only.plan == ("anywhere", "question")
    assert only.topics == ()
    assert only.text.startswith(ROSTER[persona].shape.turns["anywhere"].in_(language)[0])
    assert only.text.endswith("?")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_who_goes_on_gets_the_next_way_and_then_hears_that_it_is_all(language: str) -> None:
    more = {"ko": "그다음은요?", "en": "and what next?"}[language]
    first, second, third, *_ = answers = await talk("riri", [ASKS[language], FEW[language], more, more])
    assert first.plan == second.plan == ("anywhere", "question")
    assert third.plan == ("spent", "ask")
    assert kind_told(first.text, language) == kind_told(second.text, language)
    parts = [part for one in answers for part in one.text.split("\n\n")]
    assert len(parts) == len(set(parts))


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_another_request_gets_its_own_way(language: str) -> None:
    other = {"ko": "초가 지붕 견적이 너무 비싼 것 같아요", "en": "the thatcher's quote seems high, what do I do"}[language]
    *_, last = await talk("elro", [ASKS[language], other])
    told = kind_told(last.text, language)
    assert told is not None
    assert told.name == "price"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "my brother died in may and I have to give a speech at the rowing club"),
        ("en", "each time I start the accordion I quit after three weeks, I'm hopeless and want to end it all"),
        ("ko", "형이 세상을 떠나서 조정 클럽에서 인사말을 해야 해요"),
        ("ko", "아코디언을 배우다 3주만에 매번 그만둬요. 다 포기하고 싶어요"),
    ],
)
async def test_who_is_sad_is_listened_to(language: str, text: str) -> None:
    assert heavy(text, language)
    assert [*kinds_in(text, language)] != []
    later = {"ko": "인사말을 어떻게 쓰죠", "en": "how do I give the speech"}[language]
    assert all("anywhere" not in one.plan for one in await talk("lua", [text, later]))


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_feeling_that_was_detected_keeps_ways_away(language: str) -> None:
    text = ASKS[language]
    key = DETECTOR.detect(text, language).key
    asked = Prompt("", (Message("user", text),), key, language, ROSTER["lua"].shape, feeling="grief")
    assert "anywhere" not in (await PLAYBOOK.answer(asked, UsageMeter(), None)).plan


@pytest.mark.parametrize(
    ("language", "text", "weak"),
    [
        ("en", "the thatcher's quote seems high, what do I do", True),
        ("ko", "마을 길에 생긴 문을 치워 달라고 항의하는 글을 써야 해요", True),
        ("en", "can I learn upholstery on my own or do I need a course", False),
        ("ko", "나무의사 시험은 학원 없이 가능할까요", False),
    ],
)
async def test_a_way_takes_the_place_of_a_weak_list_alone(language: str, text: str, weak: bool) -> None:
    assert isinstance(find(load_ranking(language), [Message("user", text)]), Offered)
    assert (await talk("elro", [text]))[0].plan == (("anywhere", "question") if weak else ("which_one",))


@pytest.mark.parametrize(
    "text",
    [
        "thanks, that helped a lot",
        "hello there",
        "tell me a joke",
        "고마워요 도움이 됐어요",
        "안녕하세요",
        "농담 하나 해 주세요",
    ],
)
async def test_chat_and_thanks_after_a_way_are_answered_as_such(text: str) -> None:
    language = "en" if text.isascii() else "ko"
    *_, last = await talk("nana", [ASKS[language], text])
    assert not {"anywhere", "spent"}.intersection(last.plan)


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_light_mode_has_three_bullets_at_most(language: str) -> None:
    (only,) = await talk("riri", [ASKS[language]], mode="summary_light")
    assert only.plan == ("anywhere", "question")
    assert all(line.startswith("• ") for line in only.text.splitlines())
    assert len(only.text.splitlines()) <= 3
