"""Recommendations and choices as callers send and see them."""

from typing import Any

from msgspec.structs import asdict
from typing_extensions import TypedDict

from ion_mentoring.mentoring.recommending.advice import Advice
from ion_mentoring.records.profiles.protocol import Choices


class PreferencesView(TypedDict):
    """A person's choices as they are."""

    success: bool
    personalise: bool
    experiments: bool
    request_id: str
    timestamp: str


class BecauseView(TypedDict):
    """A reason, in words, and what it adds to the score."""

    kind: str
    words: str
    weight: float


class FittingPersonaView(TypedDict):
    """A persona; the weights of its reasons add up to the score, `share` is the probability with which it would answer."""

    id: str
    name: dict[str, str]
    score: float
    share: float
    because: list[BecauseView]


class NextStepView(TypedDict):
    """A step: `kind` is follow_up, another_way or one_further; `card` the situation, `request_id` the answer it comes from."""

    kind: str
    card: str
    title: str
    step: str
    because: str
    request_id: str


_From = TypedDict("_From", {"from": dict[str, int]})  # a word that Python keeps for itself


class RecommendationsView(_From):
    """The personas for one person, best first, and the next steps; `from` counts the ratings behind them."""

    success: bool
    tone: str | None
    personas: list[FittingPersonaView]
    next_steps: list[NextStepView]
    off: bool
    explores: bool
    preferences: dict[str, bool]
    request_id: str
    timestamp: str


class PopulationView(TypedDict):
    """The summary of everybody's ratings: the share of helpful answers by `tone-persona`, of groups of 20 people and more."""

    success: bool
    ratings: int
    people: int
    cells: dict[str, float]
    prior: float
    request_id: str
    timestamp: str


class ForgottenView(TypedDict):
    """The end of what was concluded."""

    success: bool
    request_id: str
    timestamp: str


def chosen(personalise: bool | None, experiments: bool | None, before: Choices) -> Choices:
    """The choices after a request; None leaves one as it is."""
    return Choices(
        before.personalise if personalise is None else personalise,
        before.experiments if experiments is None else experiments,
        before.learnt_from,
    )


def advice_view(advice: Advice) -> dict[str, Any]:
    """A recommendation as its person sees it."""
    return {
        "tone": advice.tone.value if advice.tone else None,
        "personas": [
            {
                "id": one.persona.id,
                "name": asdict(one.persona.name),
                "score": one.score,
                "share": one.share,
                "because": [{"kind": why.kind, "words": why.words, "weight": why.weight} for why in one.because],
            }
            for one in advice.personas
        ],
        "next_steps": [
            {
                "kind": one.kind,
                "card": one.card,
                "title": one.title,
                "step": one.step,
                "because": one.because,
                "request_id": one.request_id,
            }
            for one in advice.steps
        ],
        "from": {"yours": advice.ratings, "everyone": advice.population.ratings},
        "off": not advice.choices.personalise,
        "explores": advice.explores,
        "preferences": {"personalise": advice.choices.personalise, "experiments": advice.choices.experiments},
    }
