"""A theme has stories and no card: who tells one gets its answer, and nobody is told of a theme otherwise."""

import pytest

from ion_mentoring.models.playbook.expected.expected import EXPECTED
from ion_mentoring.models.playbook.expected.story_parts import parted
from ion_mentoring.models.playbook.finding import Found, Offered, found
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.playbook.openings.openings import OPENINGS, Stories
from ion_mentoring.models.playbook.openings.themes import load_themes
from ion_mentoring.models.playbook.ranking import Likely, Ranking, load_ranking
from tests.models.playbook.talking import talk

THEMES = {theme.id: theme for theme in load_themes()}
TOLD = [
    ("ko", "excel_formulas", "브이룩업을 쓰는데 분명히 있는 값인데도 #N/A가 떠요. 왜 그럴까요?"),
    ("en", "excel_formulas", "My VLOOKUP returns #N/A even though I can see the value in the other sheet. Why?"),
    ("ko", "pay_rules", "손님이 준 팁을 매니저가 떼어 가요. 이래도 되나요?"),
    ("en", "pay_rules", "Our manager takes a share of the tips every night. Is that allowed?"),
]
VLOOKUP = {language: text for language, theme, text in TOLD if theme == "excel_formulas"}


@pytest.mark.parametrize(("language", "theme", "text"), TOLD)
async def test_who_tells_a_story_of_a_theme_gets_its_answer(language: str, theme: str, text: str) -> None:
    (told,) = await talk("nana", [text])
    answers = [parted(story.in_(language).answer)[0] for story in OPENINGS.turns(theme)]
    assert told.topics == (theme,)
    assert "expected" in told.plan
    assert [answer for answer in answers if answer in told.text]


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_light_answer_has_three_short_bullets_of_the_story(language: str) -> None:
    (told,) = await talk("elro", [VLOOKUP[language]], mode="summary_light")
    lines = told.text.split("\n")
    assert told.plan == ("light",)
    assert 1 <= len(lines) <= 3
    assert all(line.startswith("• ") for line in lines)
    assert any(lines[0].removeprefix("• ") in story.in_(language).answer for story in OPENINGS.turns("excel_formulas"))


@pytest.mark.parametrize(
    ("text", "move"),
    [("What did I say?", "recall"), ("shorter please", "shorter"), ("why?", "spent")],
)
async def test_what_is_left_of_a_theme_is_what_holds_anywhere(text: str, move: str) -> None:
    told = await talk("elro", [VLOOKUP["en"], text])
    assert told[1].topics == ("excel_formulas",)
    assert told[1].plan[0] == move
    assert told[1].text != told[0].text


async def test_a_story_is_told_once() -> None:
    told = await talk("lua", [VLOOKUP["en"], VLOOKUP["en"], VLOOKUP["en"]])
    bodies = [parted(story.en.answer)[0] for story in OPENINGS.turns("excel_formulas")]
    assert sum(one.text.count(body) for one in told for body in bodies) == len(
        {body for one in told for body in bodies if body in one.text}
    )


class Only(Stories, frozen=True):
    """A text tells the stories of one theme, as likely as is said, and no other."""

    likely: float = 1.0

    def odds(self, situations: object, hashes: object) -> list[float]:
        return [1.0] * len(situations)  # type: ignore[arg-type]

    def probabilities(self, situations: object, text: str) -> list[float]:
        return [self.likely if one in THEMES else 0.0 for one in situations]  # type: ignore[attr-defined]


def test_a_theme_whose_story_is_not_told_is_neither_found_nor_offered() -> None:
    ranking = load_ranking("en")
    assert isinstance(found(Ranking(ranking.classifier, ranking.titles, Only("en", likely=0.36)), VLOOKUP["en"]), Found)
    other = found(Ranking(ranking.classifier, ranking.titles, Only("en", likely=0.29)), VLOOKUP["en"])
    assert other is None or isinstance(other, Offered)
    assert not isinstance(other, Offered) or all(title.card for title in other.titles)


def test_what_reads_texts_knows_which_have_no_card() -> None:
    for language in ("ko", "en"):
        without = {title.id: title for title in load_ranking(language).titles if not title.card}
        assert {*without} == {*THEMES}
        for theme in THEMES.values():
            title = without[theme.id]
            assert (title.topic, title.title) == (theme.topic, theme.title.in_(language))


def test_a_theme_has_no_counsel() -> None:
    assert PlaybookModel().counsel("excel_formulas", "en") is None


async def test_while_a_matter_is_in_hand_a_story_of_a_theme_is_answered_where_it_is_surely_told() -> None:
    surely = next(story.en.gist for story in OPENINGS.turns("excel_formulas"))
    told = await talk("nana", ["My boss hasn't paid me for two months and keeps saying next week.", surely, "why?"])
    assert [one.topics for one in told] == [("unpaid_wages",), ("excel_formulas",), ("excel_formulas",)]
    assert told[1].plan[0] == "expected"


def test_what_comes_after_a_story_counts_once_it_was_told() -> None:
    text, story = "I cleaned the spaces and it is still #N/A", "VLOOKUP gives #N/A although the value is there"
    after = EXPECTED.nearest("excel_formulas", text, "en", told=[story])
    assert after is not None
    assert after.turn.after == story
    assert EXPECTED.nearest("excel_formulas", text, "en") is None


def test_a_theme_is_told_of_in_passing_only_by_a_story() -> None:
    ranking = load_ranking("en")
    title = next(title for title in ranking.titles if title.id == "excel_formulas")
    assert ranking.told([Likely(title, 1.0)], "the weather was fine and we went home", 0.6) is None
    assert EXPECTED.nearest("no_such_theme", "hello", "en") is None


async def test_a_follow_up_is_about_what_was_answered_last() -> None:
    told = await talk(
        "lua",
        [
            "I think I am burnt out. What should I do?",
            "And what comes after that?",
            "Should we move to microservices?",
            "And what comes after that?",
        ],
    )
    assert told[2].topics
    assert told[3].topics == told[2].topics
