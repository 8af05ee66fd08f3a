"""The stories in which people come with a situation: their texts keep the rules, and who tells one gets its answer."""

from collections.abc import Sequence

import pytest

from ion_mentoring.models.playbook.expected.story_parts import parted
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.openings.openings import OPENINGS, Stories
from ion_mentoring.models.playbook.openings.themes import load_themes
from ion_mentoring.models.playbook.ranking import Ranking, Title, load_ranking
from ion_mentoring.models.playbook.situation import load_situations
from ion_mentoring.models.playbook.step import Step
from ion_mentoring.models.playbook.story import story_answer
from ion_mentoring.understanding.turns.reader import Kind
from tests.models.playbook.talking import talk
from tests.models.playbook.test_expected import wrong_in

SITUATIONS = {situation.id: situation for situation in load_situations()}
THEMES = {theme.id: theme for theme in load_themes()}
LONGEST = {"ko": 440, "en": 740}
WAGES = Title("unpaid_wages", "labour", "")
STORIES = [
    ("ko", "사장님이 월급을 두 달째 안 주면서 다음 주에 준다는 말만 반복해요."),
    ("en", "My boss hasn't paid me for two months and keeps saying next week."),
]


@pytest.mark.parametrize("situation", OPENINGS.scopes())
def test_the_stories_of_a_situation_keep_the_rules(situation: str) -> None:
    stories = OPENINGS.turns(situation)
    assert (3 if situation in THEMES else 5) <= len(stories) <= (26 if situation in THEMES else 10)
    for language in ("ko", "en"):
        for story in stories:
            assert len(story.in_(language).answer) <= LONGEST[language]
            assert wrong_in(story, language) == []


def test_what_has_stories_is_a_situation_or_a_theme_and_never_both() -> None:
    assert {*OPENINGS.scopes()} == {*SITUATIONS} | {*THEMES}
    assert not {*SITUATIONS} & {*THEMES}


def test_a_theme_has_a_topic_that_situations_have_and_a_title_of_its_own() -> None:
    titles = [one.in_(language).title for one in SITUATIONS.values() for language in ("ko", "en")]
    for theme in THEMES.values():
        assert theme.topic in {one.topic for one in SITUATIONS.values()}
        assert theme.title.ko not in titles
        assert theme.title.en not in titles


@pytest.mark.parametrize(("language", "text"), STORIES)
async def test_a_story_gets_its_answer_and_none_twice(language: str, text: str) -> None:
    told = await talk("nana", [text, text])
    answers = [parted(story.in_(language).answer) for story in OPENINGS.turns("unpaid_wages")]
    ((body, question),) = [answer for answer in answers if answer[0] in told[0].text]
    assert "expected" in told[0].plan
    assert told[0].topics == ("unpaid_wages",)
    assert told[0].text.endswith(question)
    assert body not in told[1].text


def test_an_answer_is_parted_before_the_question_that_it_ends_with() -> None:
    assert parted('It is. Say "Can we talk?" today. Who decides?') == ('It is. Say "Can we talk?" today.', "Who decides?")
    assert parted('It is. Say: "Can we talk?"') == ('It is. Say: "Can we talk?"', "")


@pytest.mark.parametrize("persona", ["lua", "elro", "riri", "nana"])
async def test_beside_the_answer_each_mentor_says_what_this_one_looks_at(persona: str) -> None:
    told = (await talk(persona, [STORIES[1][1]]))[0]
    own = {"lua": "acknowledge", "elro": "trap", "riri": "measure", "nana": "people"}[persona]
    assert {"expected", own} <= {*told.plan}


@pytest.mark.parametrize(("language", "text"), STORIES)
async def test_light_answers_are_the_cards(language: str, text: str) -> None:
    told = (await talk("nana", [text], mode="summary_light"))[0]
    assert "expected" not in told.plan


class Untold(Stories):
    """No text tells a story."""

    def odds(self, situations: Sequence[str], hashes: Sequence[int]) -> list[float]:
        return [1.0] * len(situations)

    def probabilities(self, situations: Sequence[str], text: str) -> list[float]:
        return [0.0] * len(situations)


def test_where_one_of_a_few_is_told_by_its_story_nobody_is_asked_which_it_is() -> None:
    ranking = load_ranking("en")
    few = [one for one in ranking.rank(STORIES[1][1], 3) if one.title.id != "unpaid_wages"]
    wages = next(one for one in ranking.rank(STORIES[1][1], 3) if one.title.id == "unpaid_wages")
    told = ranking.told([*few, wages], STORIES[1][1], 0.35)
    assert told is wages
    assert ranking.told(few, STORIES[1][1], 0.99) is None
    assert ranking.told([], STORIES[1][1], 0.0) is None


def step(found: Found, kind: Kind = "matter", earlier: Found | None = None, words: int = 12) -> Step:
    return Step(kind, found, earlier, by_itself=False, words=words, probability=0.9)


def test_what_was_found_on_other_grounds_has_no_story() -> None:
    text = STORIES[1][1]
    assert story_answer(step(Found(WAGES, 1.0, "danger")), [text], "en", "") is None
    told = story_answer(step(Found(WAGES, 1.0)), [text], "en", "")
    assert told is not None
    assert story_answer(step(Found(WAGES, 1.0)), [text], "en", f"before {told} after") is None


def test_who_chose_from_a_list_told_the_story_before() -> None:
    text = STORIES[1][1]
    told = story_answer(step(Found(WAGES, 1.0)), [text], "en", "")
    assert story_answer(step(Found(WAGES, 1.0, "chosen")), [text, "2"], "en", "") == told
    assert story_answer(step(Found(WAGES, 1.0)), [text, "2"], "en", "") is None


def test_while_another_matter_is_in_hand_only_what_is_surely_told_is_answered() -> None:
    surely = OPENINGS.turns("unpaid_wages")[1].en.gist
    other, wages = Found(Title("burnout", "feelings", ""), 1.0), Found(WAGES, 0.5)
    assert step(wages, "fact", other).goes_on
    assert story_answer(step(wages, "fact", other), [surely], "en", "") == OPENINGS.turns("unpaid_wages")[1].en.answer
    assert story_answer(step(wages, "fact", other), ["it was money and also a long talk"], "en", "") is None
    assert story_answer(step(wages, "why", other), [surely], "en", "") is None
    assert story_answer(step(wages, "fact", other, words=3), [surely], "en", "") is None


def test_a_story_makes_its_situation_likelier() -> None:
    ranking = load_ranking("en")
    text = STORIES[1][1]
    first = ranking.rank(text, 1)[0]
    untold = Ranking(ranking.classifier, ranking.titles, Untold("en"))
    alone = untold.rank(text, 1)[0]
    assert first.title.id == alone.title.id == "unpaid_wages"
    assert first.probability > alone.probability
