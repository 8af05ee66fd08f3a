"""The playbook really helps: it finds what was meant, tells it in four voices, and is honest where nothing fits."""

from itertools import product

import pytest
from msgspec.structs import asdict

from ion_mentoring.errors import CardInvalid
from ion_mentoring.models.playbook import finding
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.models.playbook.situation import Situation, load_situations
from ion_mentoring.models.protocol import Completion, Message, Prompt
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.understanding.resonance.key import ALL_KEYS, DEFAULT_KEY, ResonanceKey
from ion_mentoring.usage.meter import UsageMeter

LANGUAGES = ("ko", "en")
ROSTER = load_roster()
FOUR = ("lua", "elro", "riri", "nana")
PLAYBOOK = PlaybookModel()
SITUATIONS = load_situations()
TOPICS = {
    *("feelings", "learning", "careers", "code", "architecture", "debugging", "data", "experiments"),
    *("teams", "planning", "meetings", "feedback", "decisions"),
}
TEN = {
    "ko": [
        "번아웃",
        "시험에 떨어졌어요",
        "퇴사할까 말까 고민이에요",
        "레거시 코드를 고치기가 무서워요",
        "마이크로서비스로 나눠야 할까요",
        "재현이 안 되는 버그를 어떻게 찾죠",
        "어떤 지표를 봐야 하나요",
        "A/B 테스트 설계를 어떻게 하나요",
        "팀원들끼리 갈등이 심해요",
        "회의가 너무 많아요",
    ],
    "en": [
        "I am burnt out",
        "I failed my exam",
        "Should I quit my job",
        "I am afraid to touch our legacy code",
        "Should we split into microservices",
        "I cannot reproduce this bug",
        "Which metric should we choose",
        "How do I design an A/B test",
        "There is a conflict in my team",
        "I have too many meetings",
    ],
}


async def answered(text: str, persona: str = "lua", language: str = "en", **fields: object) -> Completion:
    card = ROSTER[persona]
    values = {"key": DEFAULT_KEY, "messages": (Message("user", text),), **fields}
    return await PLAYBOOK.answer(
        Prompt(card.prompt.in_(language), language=language, shape=card.shape, **values), UsageMeter(), None
    )  # type: ignore[arg-type]


def test_the_playbook_covers_its_topics_with_sixty_situations_and_more() -> None:
    assert {situation.topic for situation in SITUATIONS} >= TOPICS
    assert len(SITUATIONS) >= 60


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.id)
def test_a_situation_says_what_it_knows_in_each_language_of_its_own(situation: Situation) -> None:
    korean, english = asdict(situation.ko), asdict(situation.en)
    for field, text in korean.items():
        assert text != english[field] or field == "message"  # a sentence to send may have to be in English
        for one in text if isinstance(text, tuple) else (text,):
            assert "{" not in one
            assert "\n" not in one
    hangul = sum("가" <= char <= "힣" for char in situation.ko.insight)
    assert hangul > len(situation.ko.insight) / 3
    assert not any("가" <= char <= "힣" for char in situation.en.insight)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_same_question_gets_four_visibly_different_answers(language: str) -> None:
    for text in TEN[language]:
        answers = [(await answered(text, persona, language)).text for persona in FOUR]
        lines = [set(answer.splitlines()) - {""} for answer in answers]
        for one, other in product(range(4), range(4)):
            if one < other:
                shared = lines[one] & lines[other]
                half = min(len(lines[one]), len(lines[other])) / 2
                assert len(shared) <= max(2, half), "the answer to a story and its question may be the same"
                assert lines[one] - shared, shared
                assert lines[other] - shared, shared


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("persona", FOUR)
async def test_ten_questions_get_ten_answers(persona: str, language: str) -> None:
    completions = [await answered(text, persona, language) for text in TEN[language]]
    assert len({completion.topics for completion in completions}) == 10
    assert len({completion.text for completion in completions}) == 10
    assert all(completion.language == language for completion in completions)


@pytest.mark.parametrize(("persona", "language"), list(product(FOUR, LANGUAGES)))
async def test_where_nothing_fits_it_says_no_fragment_back_and_asks(persona: str, language: str) -> None:
    text = {"ko": "아랫집 누수가 4주째예요", "en": "Our street has had roadworks for the 4th week"}[language]
    completion = await answered(text, persona, language)
    assert completion.topics == ()
    assert completion.plan == ("nothing_fits",)
    assert not any(quote in completion.text for quote in ("4주", "4th week"))
    assert "?" in completion.text.split("\n\n")[-1]
    light = await answered(text, persona, language, mode="summary_light")
    assert len(light.text.splitlines()) <= 3


@pytest.mark.parametrize(("persona", "language", "key"), list(product(FOUR, LANGUAGES, ALL_KEYS)))
async def test_every_persona_has_words_for_every_key(persona: str, language: str, key: ResonanceKey) -> None:
    told = await answered({"ko": "번아웃", "en": "I am burnt out"}[language], persona, language, key=key)
    assert told.topics == ("burnout",)
    assert not {"{", "}"} & {*told.text}
    assert told.text.endswith("?")
    assert len(told.text) <= (700 if language == "ko" else 1_100)


@pytest.mark.parametrize("persona", FOUR)
async def test_length_follows_the_pace(persona: str) -> None:
    plans = [
        (await answered("I am burnt out", persona, key=ResonanceKey.of("calm", pace, "advice"))).plan
        for pace in ("burst", "medium", "contemplative")
    ]
    assert len(plans[0]) < len(plans[1]) <= len(plans[2])


async def test_the_light_mode_is_three_bullets() -> None:
    for persona in FOUR:
        lines = (await answered("I am burnt out", persona, mode="summary_light")).text.splitlines()
        assert len(lines) == 3
        assert all(line.startswith("• ") for line in lines)


async def test_a_language_it_does_not_speak_is_answered_in_english() -> None:
    completion = await answered("I am burnt out", "lua", "fr")
    assert completion.language == "en"
    assert completion.text.startswith("Sans modèle de langue")
    assert (await answered("I am burnt out", "lua", "tlh")).text == (await answered("I am burnt out", "lua", "en")).text


def test_a_subject_has_its_topic_its_title_and_how_likely_it_is() -> None:
    subject = PLAYBOOK.subject_of("테스트가 어떤 날은 성공하고 어떤 날은 실패해요", "ko")
    assert subject is not None
    assert subject.topic == "debugging"
    assert 0.3 < subject.probability <= 1
    assert PLAYBOOK.subject_of("김치찌개 끓이는 법", "ko") is None
    assert PLAYBOOK.subject_of("I am burnt out", "fr") is not None


def test_the_learned_titles_are_those_of_the_cards() -> None:
    """Else the weights were made for other cards: `make train` makes them anew."""
    for language in LANGUAGES:
        titles = {title.id: (title.topic, title.title) for title in load_ranking(language).titles if title.card}
        assert titles == {one.id: (one.topic, one.in_(language).title) for one in SITUATIONS}


@pytest.mark.parametrize("persona", FOUR)
@pytest.mark.parametrize(
    ("language", "vague", "choice"),
    [
        ("ko", "팀장님이 저한테만 뭐라고 해요", "2번이요"),
        ("en", "my boss keeps saying my work is not good enough", "the second one"),
    ],
)
async def test_what_may_be_several_things_is_asked_for_and_chosen_by_number(
    persona: str, language: str, vague: str, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SURE_FROM", 1.1)
    monkeypatch.setattr(finding, "TOLD_FROM", 1.1)
    monkeypatch.setattr(finding, "OFFERED_FROM", 0.0)
    monkeypatch.setattr(finding, "EACH_FROM", 0.0)
    asked = await answered(vague, persona, language)
    assert len(asked.offered) == 3
    assert asked.topics == ()
    assert all(f"{number}. {title}" in asked.text for number, title in enumerate(asked.offered, 1))
    history = (Message("user", vague), Message("assistant", asked.text), Message("user", choice))
    told = await answered("", persona, language, messages=history)
    (chosen,) = [title for title in load_ranking(language).titles if title.title == asked.offered[1]]
    assert told.topics == (chosen.id,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("안녕하세요!", "small_talk"),
        ("hi there", "small_talk"),
        ("정말 고마워요 ㅠㅠ", "thanks"),
        ("Thanks a lot!", "thanks"),
        ("너는 누구야?", "who"),
        ("What can you do?", "who"),
        ("are you human?", "who"),
        ("...", "unclear"),
    ],
)
async def test_small_talk_gets_a_word_back_and_no_analysis(text: str, kind: str) -> None:
    language = "ko" if any("가" <= char <= "힣" for char in text) else "en"
    for persona in FOUR:
        completion = await answered(text, persona, language)
        assert completion.text in ROSTER[persona].shape.turns[kind].in_(language)  # type: ignore[index]
        assert (kind != "who") or "AI" in completion.text


@pytest.mark.parametrize("text", ["Hi, I failed my exam", "안녕하세요 시험에 떨어졌어요", "thanks to my boss I am burnt out"])
async def test_a_greeting_before_a_question_is_no_small_talk(text: str) -> None:
    completion = await answered(text, "lua", "ko" if "안녕" in text else "en")
    assert completion.topics or completion.offered


def test_a_situation_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from ion_mentoring.models.playbook import situation

    first = situation.paths(situation.SITUATIONS)[0]
    monkeypatch.setattr(situation, "paths", lambda pattern: [first, first])
    with pytest.raises(CardInvalid, match="twice"):
        load_situations()
