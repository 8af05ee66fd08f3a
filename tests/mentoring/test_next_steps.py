"""What somebody is advised to do next follows from what they rated: how it went, another way, one step further."""

from datetime import UTC, datetime, timedelta

import pytest

from ion_mentoring.mentoring.recommending.next_steps import MOST, next_steps
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.records.feedback.protocol import RatedAnswer, Rating

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BOOK = PlaybookModel()


def rated(card: str | None = "burnout", *, days: float = 1, verdict: str | None = None, outcome: str | None = None) -> Rating:
    answered = NOW - timedelta(days=days)
    answer = RatedAnswer(answered, "lua", 3, "calm-medium-learning", "en", "playbook", None, (card,) if card else ())
    return Rating(f"{card}-{days}", answered, verdict, (), outcome, answer)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rating", "kind", "part"),
    [
        (rated(outcome="helped"), "one_further", lambda counsel: counsel.steps[-1]),
        (rated(outcome="not"), "another_way", lambda counsel: counsel.options[0]),
        (rated(verdict="down"), "another_way", lambda counsel: counsel.options[0]),
        (rated(verdict="up", days=3), "follow_up", lambda counsel: counsel.measure),
        (rated(outcome="tried", days=60), "follow_up", lambda counsel: counsel.measure),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_rating_leads_to_a_step_of_its_card(rating: Rating, kind: str, part: object, language: str) -> None:
    (step,) = next_steps([rating], BOOK, language, NOW)
    counsel = BOOK.counsel("burnout", language)
    assert counsel is not None
    assert (step.kind, step.card, step.request_id) == (kind, "burnout", rating.request_id)
    assert (step.title, step.step) == (counsel.title, part(counsel))  # type: ignore[operator]
    assert counsel.title in step.because


@pytest.mark.parametrize(
    "rating",
    [rated(verdict="up", days=2.9), rated(verdict="up", days=60.1), rated(None, verdict="down"), rated("gone", verdict="down")],
)
def test_too_soon_too_late_and_about_nothing_that_is_known_lead_nowhere(rating: Rating) -> None:
    assert next_steps([rating], BOOK, "en", NOW) == ()


def test_one_step_a_card_by_its_newest_rating_and_few_together() -> None:
    cards = ["burnout", "burnout", "saying_no", "loneliness", "procrastination"]
    ratings = [rated(card, days=day, outcome="helped" if day % 2 else "not") for day, card in enumerate(cards, 1)]
    steps = next_steps(ratings, BOOK, "en", NOW)
    assert [(step.card, step.kind) for step in steps] == [
        ("burnout", "one_further"), ("saying_no", "one_further"), ("loneliness", "another_way"),
    ]  # fmt: skip
    assert len(steps) == MOST
