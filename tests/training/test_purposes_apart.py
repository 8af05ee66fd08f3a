"""The turns that ask for words are about purposes that have words, or about none, and few get the words of another."""

import pytest

from ion_mentoring.models.playbook.asking.purposes import PURPOSES
from ion_mentoring.resources import paths
from training.evaluate_purposes import LANGUAGES, NONE, apart, figures


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_purpose_has_ten_turns_and_words(language: str) -> None:
    text = paths(PURPOSES)[0].read_text(encoding="utf-8")
    purposes = {line.split('"')[1] for line in text.splitlines() if line.startswith("name = ")}
    assert {one.purpose for one in apart(language)} == purposes | {NONE}
    assert {own.total() for own in figures(language).values()} == {10}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_no_purpose_gets_no_words_and_what_has_one_seldom_those_of_another(language: str) -> None:
    count = figures(language)
    assert count[NONE]["its"] == 10
    meant = [own for purpose, own in count.items() if purpose != NONE]
    assert sum(own["other"] for own in meant) <= 10
    assert sum(own["its"] for own in meant) >= 30
