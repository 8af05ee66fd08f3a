"""The routing of a text, without asking anybody: language, key, route and persona, with reasons that people can read."""

import re
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from msgspec import Struct

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.experiments.assignment import Assignment
from ion_mentoring.experiments.experiment import VARIANTS
from ion_mentoring.mentoring.answering.values import AnswerRequest, RoutingDecision
from ion_mentoring.models.protocol import Message
from ion_mentoring.models.subject import Subject
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import Roster
from ion_mentoring.personas.routing import Route, RoutingTable
from ion_mentoring.personas.taste import Leaning, propensity
from ion_mentoring.personas.variant import persona_of
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.detector import Detection, Detector
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY, Intent, Pace, ResonanceKey, Tone
from ion_mentoring.understanding.safety.features import sentences
from ion_mentoring.understanding.turns.reader import TurnReader

ASKED_FOR_FROM: Final = 0.5  # the probability that a turn asks for another mentor
MOST_WORDS: Final = 12  # of a turn or sentence that asks for a mentor; in a longer one somebody else may have the name
LOOKS_BACK: Final = 12  # turns of the person's in which a mentor may have been asked for
_ASKS: Final = re.compile(  # within a longer turn a name alone may be anybody's
    r"\b(?:(?:talk|speak|chat|switch|change|over) (?:to|with)|ask|hear from|bring in)\b|\bwould \w+ say\b"
    r"|(?:랑|이랑|한테|에게|하고|와|과|께|로|를) ?(?:얘기|이야기|말|대화|물어|바꿔|바꾸|불러|상담|연결)",
    re.IGNORECASE,
)
_REQUESTS: Final = re.compile(
    r"\?|\bplease\b|(?:줘|주세요|까요?|나요|돼요|해요|죠)\W*$"
)  # what is said to whom one calls by name
IN_DOUBT: Final = ResonanceKey(Tone.ANXIOUS, Pace.MEDIUM, Intent.SEEK_ADVICE)  # whose persona answers where there may be danger


class Subjects(Protocol):
    """A reader of what texts are about."""

    def subject_of(self, text: str, language: str) -> Subject | None:
        """The subject of a text, None where none is likely."""


def never(_tenant: str) -> float:
    """No exploring."""
    return 0.0


def _met(request: AnswerRequest, key: ResonanceKey, language: str) -> tuple[Assignment, ...]:
    """The arms that may have a part in an answer; a caller who names a prompt mode gets that one, and who is not to be
    answered by a vendor's model is not asked how it writes."""
    met = request.assigned.holding(key.tone, language)
    if not request.vendors:
        met = tuple(one for one in met if one.varies not in VARIANTS)
    return met if request.mode == "default" else tuple(one for one in met if one.varies != "prompt_mode")


def lift_of(arms: Sequence[Assignment]) -> Leaning | None:
    """The weights of the arm that changes them; no two that run do."""
    lifts = (Leaning(one.arm.strength, dict(one.arm.weights)) for one in arms if one.arm.weights)
    return next(lifts, None)


class Routing(Struct, frozen=True):
    """Reads what is asked. `exploration` is the probability by tenant with which anybody near the best is chosen, all alike."""

    roster: Roster
    table: RoutingTable
    detector: Detector
    subjects: Subjects
    turns: TurnReader
    exploration: Callable[[str], float] = never

    def decide(self, request: AnswerRequest, history: Sequence[Message] = (), *, caring: bool = False) -> RoutingDecision:
        """The decision; what the caller did not say is detected. UnknownPersona for a name that nobody has.

        Where `caring`, the persona who comforts answers, unless the caller chose one. A conversation stays with the persona
        whom it was begun with, or who was asked for in it, unless the caller gives a key.
        """
        language = request.language or language_of(request.text)
        detection = None if request.key else self.detector.detect(request.text, language, tone=request.read_tone)
        subject = self.subjects.subject_of(request.text, language) if detection else None
        key = detection.key if detection else request.key or DEFAULT_KEY
        leaning = self._leaning(request, key)
        met = () if caring else _met(request, key, language)
        lift = lift_of(met)
        route = self.route(key, detection, subject, leaning, lift)
        fitting = self.table.route(IN_DOUBT).primary if caring else route.primary
        asked_for = request.persona or (None if caring else self._named(request.text, language))
        stays = None if asked_for or caring or request.key else self._begun_with(request, history)
        if asked_for or stays:  # whatever the weights are
            met = tuple(one for one in met if one.varies != "weights")
            route, lift = self.route(key, detection, subject, leaning) if lift else route, None
        fixed = asked_for or stays or (fitting if caring else None)
        drawn, chance = (fixed, None) if fixed else self._drawn(route, request)
        persona = self.roster.named(drawn)
        met = tuple(one for one in met if one.card is None or persona_of(one.card) == persona.id) if met else met
        chosen, staying = asked_for is not None, stays is not None
        return RoutingDecision(
            language,
            key,
            route,
            persona,
            chosen,
            detection,
            caring,
            staying,
            subject,
            leaning,
            chance,
            met,
            lift,
            request.assigned,
        )

    def route(
        self,
        key: ResonanceKey,
        detection: Detection | None,
        subject: Subject | None,
        leaning: Leaning | None = None,
        lift: Leaning | None = None,
    ) -> Route:
        """The route of what was detected, or of a key that was given, for a person who leans to somebody or meets an arm."""
        plain = self.table.expected(detection.distribution, subject) if detection else self.table.route(key)
        return self.table.lifted(self.table.leant(plain, leaning), lift)

    def _begun_with(self, request: AnswerRequest, history: Sequence[Message]) -> str | None:
        """The mentor of a conversation: whom a turn asked for last, or who fits what it began with. None at its beginning."""
        said = [message.content for message in history if message.role == "user"]
        if not said or not any(message.role == "assistant" for message in history):
            return None
        for text in reversed(said[-LOOKS_BACK:]):
            if asked_for := self._named(text, language_of(text)):
                return asked_for
        language = language_of(said[0])
        detection = self.detector.detect(said[0], language, tone=request.read_tone)
        leaning = self._leaning(request, detection.key)
        lift = lift_of(request.assigned.holding(detection.key.tone, language))
        route = self.route(detection.key, detection, self.subjects.subject_of(said[0], language), leaning, lift)
        return self._drawn(route, request)[0]

    def _leaning(self, request: AnswerRequest, key: ResonanceKey) -> Leaning | None:
        """The person's taste at a tone; none where that was not to be read."""
        return request.taste.leaning(key.tone, self.roster) if request.taste and request.read_tone else None

    def _drawn(self, route: Route, request: AnswerRequest) -> tuple[str, float | None]:
        """The persona of a route, and the exact probability of that where it was drawn: the best, or seldom anybody near."""
        near, draw = route.near, request.draw
        if draw is None or len(near) == 1 or not (tried := self.exploration(request.caller.tenant)):
            return route.primary, None
        persona = near[min(int(draw / tried * len(near)), len(near) - 1)] if draw < tried else route.primary
        return persona, propensity(tried, len(near), best=persona == route.primary)

    def _named(self, text: str, language: str) -> str | None:
        """The mentor for whom a turn asks by name, as a whole or in its first sentence or its last one."""
        if len(text.split()) <= MOST_WORDS:
            return self._asked_for(text, language)
        said = sentences(visible(text))
        ends = (said[0], said[-1]) if len(said) > 1 else ()
        asking = (one for one in ends if len(one.split()) <= MOST_WORDS and _ASKS.search(one))
        return next((persona for sentence in asking if (persona := self._asked_for(sentence, language))), None)

    def _asked_for(self, text: str, language: str) -> str | None:
        low = visible(text)
        names = [card.id for card in self.roster.values() if card.name.ko in low or re.search(rf"\b{card.id}\b", low)]
        if len(names) != 1:
            return None
        called = re.match(rf"\W*(?:{self.roster[names[0]].name.ko}|{names[0]})(?:야|아|님|씨)?\s?[,:!]", low)
        if called and _REQUESTS.search(low):
            return names[0]
        turn = self.turns.read(text, language)[0]
        return names[0] if turn.kind == "mentor" and turn.probability >= ASKED_FOR_FROM else None

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
        if decision.stays:
            return localized("routing.stays", language, persona=decision.persona.name.in_(language))
        if decision.explored:
            return localized("routing.explored", language, persona=decision.persona.name.in_(language))
        tasted = f" {localized('routing.tasted', language)}" if route.tasted else ""
        lifted = f" {localized('routing.lifted', language)}" if route.lifted else ""
        return self._by_score(decision) + tasted + lifted

    def _by_score(self, decision: RoutingDecision) -> str:
        route, language = decision.route, decision.language
        unknown = decision.detection.unknown if decision.detection else ()
        parts = {"tone": decision.key.tone, "pace": decision.key.pace, "intent": decision.key.intent}
        open_ = localized("routing.unknown", language)
        values: dict[str, object] = {part: open_ if part in unknown else value for part, value in parts.items()}
        values |= {
            "primary": self.roster[route.primary].name.in_(language),
            "score": f"{route.scores[route.primary]:.2f}",
        }
        about = f" {localized('routing.subject', language, subject=route.subject)}" if route.subject else ""
        if route.secondary is None:
            return localized("routing.alone", language, **values) + about
        second = self.roster[route.secondary].name.in_(language)
        following = f"{route.scores[route.secondary]:.2f}"
        return localized("routing.chosen", language, **values, secondary=second, next=following) + about
