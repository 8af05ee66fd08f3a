"""The messages in other people's words are about stories that are there, and none of them is learned from."""

import pytest

from ion_mentoring.models.playbook.openings.openings import OPENINGS
from training.evaluate_stories import LANGUAGES, apart, figures
from training.expected_corpus import ways


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_about_a_story_that_is_there(language: str) -> None:
    abouts = {(scope, story.about) for scope in OPENINGS.scopes() for story in OPENINGS.turns(scope)}
    assert {(one.situation, one.story) for one in apart(language)} <= abouts


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_of_them_is_learned_from_or_comes_twice(language: str) -> None:
    texts = [one.text for one in apart(language)]
    assert len(texts) > 1_500
    assert len(set(texts)) == len(texts)
    assert not {one.text for one in ways(language, OPENINGS, "openings")} & {*texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_counted_once_and_a_fifth_of_the_stories_is_told(language: str) -> None:
    count = figures(language)
    assert count["its situation"] + count["another situation"] + count["nothing, or a list"] == count["texts"]
    assert count["its story, too"] >= count["texts"] / 5
