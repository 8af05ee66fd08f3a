"""The likeliest situations of a text come first, each with its probability."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ion_mentoring.models.playbook.ranking import load_ranking

KOREAN, ENGLISH = load_ranking("ko"), load_ranking("en")


def test_a_situation_is_found_by_its_title() -> None:
    burnout = next(title for title in ENGLISH.titles if title.id == "burnout")
    assert ENGLISH.titled(burnout.title) == burnout
    assert ENGLISH.titled("no situation") is None


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_of_any_text_the_likeliest_come_first_and_are_probabilities(text: str) -> None:
    for ranking in (KOREAN, ENGLISH):
        likely = ranking.rank(text, 3)
        shares = [one.probability for one in likely]
        assert shares == sorted(shares, reverse=True)
        assert all(0 <= share <= 1 for share in shares)
        assert sum(shares) <= 1 + 1e-9
