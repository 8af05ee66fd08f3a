"""The routing of a text, without asking anybody: language, key, route and persona, with reasons that people can read."""

from dataclasses import dataclass
from typing import Final

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.mentoring.answering.values import AnswerRequest, RoutingDecision
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import Roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY, Intent, Pace, ResonanceKey, Tone

IN_DOUBT: Final = ResonanceKey(Tone.ANXIOUS, Pace.MEDIUM, Intent.SEEK_ADVICE)  # whose persona answers where there may be danger


@dataclass(frozen=True, slots=True)
class Routing:
    """Reads what is asked."""

    roster: Roster
    table: RoutingTable
    detector: Detector

    def decide(self, request: AnswerRequest, *, caring: bool = False) -> RoutingDecision:
        """What the caller did not say is detected; UnknownPersona for a name that nobody has. Where `caring`, the persona who
        comforts answers, unless the caller chose one."""
        language = request.language or language_of(request.text)
        detection = None if request.key else self.detector.detect(request.text, language)
        key = detection.key if detection else request.key or DEFAULT_KEY
        route = self.table.route(key)
        fitting = self.table.route(IN_DOUBT).primary if caring else route.primary
        persona = self.roster.named(request.persona or fitting)
        return RoutingDecision(language, key, route, persona, request.persona is not None, detection, caring)

    def reasoning(self, decision: RoutingDecision, persona: Card) -> str:
        """Why the intended persona was chosen, and that another one answers if one does."""
        if persona.id == decision.persona.id:
            return self._chosen(decision)
        names = {"down": decision.persona.name.in_(decision.language), "persona": persona.name.in_(decision.language)}
        return f"{self._chosen(decision)} {localized('routing.replaced', decision.language, **names)}"

    def _chosen(self, decision: RoutingDecision) -> str:
        route, language = decision.route, decision.language
        if decision.chosen:
            return localized("routing.asked_for", language, persona=decision.persona.name.in_(language))
        if decision.caring:
            return localized("routing.care", language, persona=decision.persona.name.in_(language))
        values: dict[str, object] = {"tone": decision.key.tone, "pace": decision.key.pace, "intent": decision.key.intent}
        values |= {
            "primary": self.roster[route.primary].name.in_(language),
            "score": f"{route.scores[route.primary]:.2f}",
        }
        if route.secondary is None:
            return localized("routing.alone", language, **values)
        second = self.roster[route.secondary].name.in_(language)
        return localized("routing.chosen", language, **values, secondary=second, next=f"{route.scores[route.secondary]:.2f}")
