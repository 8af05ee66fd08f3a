"""One persona who can also answer as a variant of the usual way, each of which is built at the first question for it."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from ion_mentoring.errors import CardInvalid, SettingsInvalid
from ion_mentoring.mentoring.answering.mentor import LocalMentor
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Say
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.prompts.builder import build
from ion_mentoring.personas.prompts.instructions import Instructions, load_instructions
from ion_mentoring.personas.variant import Variant
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter

PLAYBOOK: Final = "playbook"


class VariedAnswers(Struct, frozen=True):
    """The parts of a variant: its card, its instructions (None: the usual ones), and the models, the usual ones behind its own.

    Only what one of the `writers` wrote, by the names of models, is the variant's. `to_blame` if it is the variant that has
    failed where another one wrote, and not a model that answers as usual, too.
    """

    card: Card
    told: Instructions | None
    models: FallbackModels
    writers: frozenset[str]
    to_blame: bool


Build = Callable[[LocalMentor, Variant], VariedAnswers]


class VariantMentor(Struct):
    """A mentor; `build` makes a variant of it: CardInvalid or SettingsInvalid where there is none of that name."""

    usual: LocalMentor
    build: Build
    log: EventLog
    _built: dict[Variant, VariedAnswers] = field(default_factory=dict)

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        """The reply of the variant that is asked for; the usual one where there is none, or it fails."""
        if question.variant is None:
            return await self.usual.answer(question, meter, say)
        varied = self._of(question.variant)
        if varied is None:
            reply = await self.usual.answer(question, meter, say)
            return reply.model_copy(update={"variant_failed": True})
        return await self._varied(question, question.variant, varied, meter, say)

    def _of(self, variant: Variant) -> VariedAnswers | None:
        if variant not in self._built:
            try:
                self._built[variant] = self.build(self.usual, variant)
            except (CardInvalid, SettingsInvalid) as error:
                self.log.warning("variant_not_built", reason=str(error), **variant.named)
                return None
        return self._built[variant]

    async def _varied(
        self, question: PersonaRequest, variant: Variant, varied: VariedAnswers, meter: UsageMeter, say: Say | None
    ) -> Reply:
        before = len(meter.calls)
        prompt = build(varied.card, question, told=varied.told)
        completion = await varied.models.answer(prompt, meter, say)
        reply = self.usual.replied(completion, tuple(meter.calls[before:]))
        if completion.model not in varied.writers:
            if varied.to_blame:
                self.log.warning("variant_replaced", by=completion.model, **variant.named)
            return reply.model_copy(update={"variant_failed": varied.to_blame})
        degraded = () if completion.model == varied.models.meant else ("model",)
        return reply.model_copy(update={"variant": variant, "degraded": degraded})


def can_write(model: str, usual: Card, card: Card, told: Instructions | None) -> bool:
    """True if what a model writes could differ from the usual: the playbook reads a card's shape, others read prompts."""
    if model == PLAYBOOK:
        return card.shape != usual.shape
    if card.generation != usual.generation or any(card.prompt.in_(one) != usual.prompt.in_(one) for one in ("ko", "en")):
        return True
    return told is not None and told.model_copy(update={"version": 0}) != load_instructions().model_copy(update={"version": 0})
