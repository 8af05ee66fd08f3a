"""The recommendation of a persona for a scenario: by its words, its subject and its way of speaking, with the reasons."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.mentoring.answering.routing import IN_DOUBT
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import Roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.resonance.key import ResonanceKey

KEY_WEIGHT: Final = 0.4
TOPIC_WEIGHT: Final = 0.35
HINT_WEIGHT: Final = 0.25


class Recommendation(Struct, frozen=True):
    """The best persona; `scores` in [0, 1] by persona id, in listed order."""

    persona: Card
    scores: Mapping[str, float]
    reasons: tuple[str, ...]
    key: ResonanceKey


class RecommendPersona(Struct, frozen=True):
    """The use case; its collaborators are the fields."""

    roster: Roster
    table: RoutingTable
    detector: Detector
    playbook: PlaybookModel

    def __call__(self, scenario: str, language: str | None, *, caring: bool = False) -> Recommendation:
        """The persona for a scenario; one is always found, and the reasons say on what grounds.

        Where `caring`, it is the one who comforts.
        """
        language = language or language_of(scenario)
        key = self.detector.detect(scenario, language).key
        topic = self.playbook.subject_of(scenario, language)
        route = self.table.route(key)
        hints = {persona: _hint(card, scenario) for persona, card in self.roster.items()}
        scores = {
            persona: round(
                KEY_WEIGHT * route.scores[persona]
                + TOPIC_WEIGHT * (topic is not None and topic.topic in card.topics)
                + HINT_WEIGHT * (hints[persona] is not None),
                4,
            )
            for persona, card in self.roster.items()
        }
        fitting = self.table.route(IN_DOUBT).primary if caring else max(scores, key=lambda persona: scores[persona])
        best = self.roster[fitting]
        name = best.name.in_(language)
        if caring:
            return Recommendation(best, scores, (localized("routing.care", language, persona=name),), key)
        reasons = [localized("recommend.key", language, key=key, persona=name, score=f"{route.scores[best.id]:.2f}")]
        if topic is not None:
            reasons.insert(0, localized("recommend.topic", language, topic=topic.title))
        if hint := hints[best.id]:
            reasons.insert(0, localized("recommend.hint", language, hint=hint, persona=name))
        return Recommendation(best, scores, tuple(reasons), key)


def _hint(card: Card, scenario: str) -> str | None:
    """The card's own word that stands in the scenario, if one does."""
    low = scenario.casefold()
    return next((hint for hint in (*card.hints.ko, *card.hints.en) if hint.casefold() in low), None)
