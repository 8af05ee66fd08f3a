"""The next steps of a person, from what they rated: how it went, another way, one step further."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from msgspec import Struct

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.models.playbook.situation import Counsel
from ion_mentoring.records.feedback.protocol import RatedAnswer, Rating

FOLLOW_UP_AFTER: Final = timedelta(days=3)
FOLLOW_UP_UNTIL: Final = timedelta(days=60)
MOST: Final = 3

Kind = Literal["follow_up", "another_way", "one_further"]


class Situations(Protocol):
    """The playbook's knowledge of situations."""

    def counsel(self, situation: str, language: str) -> Counsel | None:
        """The counsel of a situation by its id."""


class NextStep(Struct, frozen=True):
    """One step: the card it stands on (the id of a situation), its title, what to do, and why now."""

    kind: Kind
    card: str
    title: str
    step: str
    because: str
    request_id: str


def next_steps(ratings: Sequence[Rating], situations: Situations, language: str, now: datetime) -> tuple[NextStep, ...]:
    """At most `MOST` steps, one a situation, from the newest ratings."""
    steps: dict[str, NextStep] = {}
    for rating in ratings:
        answer = rating.answer
        if answer is None or not answer.topics or answer.topics[0] in steps:
            continue
        kind = _kind(rating, answer, now)
        counsel = situations.counsel(answer.topics[0], language) if kind else None
        if kind and counsel:
            steps[answer.topics[0]] = _step(kind, rating, answer, counsel, language, now)
        if len(steps) == MOST:
            break
    return tuple(steps.values())


def _kind(rating: Rating, answer: RatedAnswer, now: datetime) -> Kind | None:
    if rating.outcome == "helped":
        return "one_further"
    if rating.outcome == "not" or rating.verdict == "down":
        return "another_way"
    return "follow_up" if FOLLOW_UP_AFTER <= now - answer.answered_at <= FOLLOW_UP_UNTIL else None


def _step(kind: Kind, rating: Rating, answer: RatedAnswer, counsel: Counsel, language: str, now: datetime) -> NextStep:
    does = {"follow_up": counsel.measure, "another_way": counsel.options[0], "one_further": counsel.steps[-1]}
    why = localized(f"advice.{kind}", language, title=counsel.title, days=(now - answer.answered_at).days)
    return NextStep(kind, answer.topics[0], counsel.title, does[kind], why, rating.request_id)
