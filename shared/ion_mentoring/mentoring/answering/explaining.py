"""The explanation of an answer's routing, as a record without anybody's words, from which it can be decided again."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from pydantic_core import to_json

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.errors import UnknownPersona
from ion_mentoring.mentoring.answering.experimenting import exposures
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.values import Answer, RoutingDecision
from ion_mentoring.mentoring.answering.varying import Varying
from ion_mentoring.models.subject import Subject
from ion_mentoring.personas.roster import Roster
from ion_mentoring.personas.taste import Leaning
from ion_mentoring.personas.variant import Variant
from ion_mentoring.records.feedback.protocol import Exposure
from ion_mentoring.understanding.resonance.detector import Detection
from ion_mentoring.understanding.resonance.key import ResonanceKey

if TYPE_CHECKING:  # made when the first record is read
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class RoutingRecord:
    """A decision: all that was read, who was decided for and who answered, and the versions of all cards then, and of the card
    of a `variant` that wrote it.

    `reasoning` is how it was told. `persona` was to answer; `answered` did, where that one could not. `safety` and `care` name
    the sign of danger that was seen.
    """

    language: str
    key: ResonanceKey
    detection: Detection | None
    subject: Subject | None
    persona: str
    answered: str
    chosen: bool
    caring: bool
    stays: bool
    scores: dict[str, float]
    cards: dict[str, int]
    reasoning: str
    safety: str | None = None
    care: str | None = None
    leaning: Leaning | None = None
    propensity: float | None = None
    arms: tuple[Exposure, ...] = ()
    lift: Leaning | None = None
    variant: Variant | None = None

    def encoded(self) -> bytes:
        """The record as compact JSON; equal records are equal bytes."""
        return to_json(self)

    @staticmethod
    def decoded(stored: bytes) -> "RoutingRecord":
        """The record of such bytes; ValueError for anything else."""
        return _adapter().validate_json(stored)


@lru_cache(maxsize=1)
def _adapter() -> "TypeAdapter[RoutingRecord]":
    from pydantic import TypeAdapter

    return TypeAdapter(RoutingRecord)


class Replay(Struct, frozen=True):
    """A record decided again: the decision and how it is told now, and the personas whose cards have changed since.

    `same` if it gives to the last digit what it gave then.
    """

    decision: RoutingDecision
    reasoning: str
    same: bool
    changed: tuple[str, ...]


def record(answer: Answer, roster: Roster) -> RoutingRecord:
    """The record of an answer's routing."""
    decision, variant = answer.decision, answer.variant
    other = {variant.card: answer.persona.version} if variant and variant.card else {}
    return RoutingRecord(
        language=decision.language,
        key=decision.key,
        detection=decision.detection,
        subject=decision.subject,
        persona=decision.persona.id,
        answered=answer.persona.id,
        chosen=decision.chosen,
        caring=decision.caring,
        stays=decision.stays,
        scores=dict(decision.route.scores),
        cards=_versions(roster) | other,
        reasoning=answer.reasoning,
        safety=answer.safety,
        care=answer.care,
        leaning=decision.leaning,
        propensity=decision.propensity,
        arms=exposures(decision.arms),
        lift=decision.lift,
        variant=variant,
    )


def replayed(then: RoutingRecord, routing: Routing, varying: Varying | None = None) -> Replay | None:
    """The decision made again from what was read; None if who decided or answered is not in the roster any more.

    What `varying` does not have any more of what wrote the answer counts as changed.
    """
    try:
        persona, answered = routing.roster.named(then.persona), routing.roster.named(then.answered)
    except UnknownPersona:
        return None
    route = routing.route(then.key, then.detection, then.subject, then.leaning, then.lift)
    decision = RoutingDecision(
        then.language,
        then.key,
        route,
        persona,
        then.chosen,
        then.detection,
        then.caring,
        then.stays,
        then.subject,
        then.leaning,
        then.propensity,
        lift=then.lift,
    )
    reasoning = localized("routing.safety", then.language) if then.safety else routing.reasoning(decision, answered)
    now = replace(then, scores=dict(route.scores), reasoning=reasoning)
    cards = _versions(routing.roster)
    if then.variant and then.variant.card and varying and (varied := varying.of(then.variant, answered)):
        cards[then.variant.card] = varied.card.version
    changed = tuple(sorted(name for name in cards.keys() | then.cards.keys() if cards.get(name) != then.cards.get(name)))
    return Replay(decision, reasoning, now.encoded() == then.encoded(), changed)


def _versions(roster: Roster) -> dict[str, int]:
    return {card.id: card.version for card in roster.values()}
