"""The part of an answer that arms have by another way to write it: asked for, made of what there is, and told as it was."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.mentoring.answering.experimenting import Meeting, variant_of
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest, RoutingDecision
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.variant import Variant

if TYPE_CHECKING:  # made when somebody first meets a variant
    from ion_mentoring.mentoring.answering.variants import Variants, Varied

REPLACED: Final = "variant"  # the part that is degraded where something else was written than an arm asks for


class Varying(Struct, frozen=True):
    """The variants of a set as answering needs them; `there` gives them when they are first needed."""

    there: "Callable[[], Variants]"

    def of(self, variant: Variant | None, persona: Card) -> "Varied | None":
        """The parts of a variant of a persona; None for the usual way, and where there is none of that name."""
        return None if variant is None else self.there().of(variant, persona)

    def known(self, request: AnswerRequest, persona: Card) -> Variant | None:
        """The variant that a request wants of a persona, where there is one."""
        return request.variant if self.of(request.variant, persona) else None

    def card(self, variant: Variant | None, usual: Card) -> Card:
        """The card by which a variant of a persona was written."""
        varied = self.of(variant, usual)
        return varied.card if varied else usual


def in_arms(request: AnswerRequest, decision: RoutingDecision) -> AnswerRequest:
    """The request as the arms that have a part in its answer want it: its prompt mode, and what is to write it."""
    light = any(one.arm.prompt_mode == "summary_light" for one in decision.arms)
    return replace(request, mode="summary_light" if light else request.mode, variant=variant_of(decision.arms))


def as_it_was(reply: Reply, question: PersonaRequest) -> Reply:
    """The reply to a question that may have wanted a variant: where another one wrote it, or none, that was replaced."""
    if reply.variant == question.variant:
        return reply
    return reply.model_copy(update={"variant": None, "degraded": (REPLACED, *reply.degraded)})


def unknown_to_us(answer: Answer) -> Answer:
    """An answer for which a variant was wanted that this set does not have."""
    return replace(answer, degraded=(REPLACED, *answer.degraded), variant_failed=True)


def as_met(answer: Answer, meeting: Meeting) -> Answer:
    """The answer with those arms alone that had a part in it: not the ones whose variant did not write it."""
    if answer.variant == meeting.variant:
        return answer
    return replace(answer, decision=replace(answer.decision, arms=meeting.plain))
