"""One persona answering in this process: its card makes a prompt, its models answer it."""

from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Completion, Say
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.prompts.builder import build
from ion_mentoring.usage.meter import ModelCall, UsageMeter


class LocalMentor:
    """A card and the models that answer for it; the reply says when another than the first of them did."""

    def __init__(self, card: Card, models: FallbackModels) -> None:
        self.card = card
        self.models = models

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        """The reply; ModelUnavailable only if the last model fails, too."""
        before = len(meter.calls)
        completion = await self.models.answer(build(self.card, question), meter, say)
        return self.replied(completion, tuple(meter.calls[before:]))

    def replied(self, completion: Completion, spent: tuple[ModelCall, ...]) -> Reply:
        """The reply of a completion, and of all calls that were made for it."""
        return Reply(
            content=completion.text,
            persona=self.card.id,
            model=completion.model,
            language=completion.language,
            spent=spent,
            topics=completion.topics,
            offered=completion.offered,
            plan=completion.plan,
            degraded=() if completion.model == self.models.meant else ("model",),
            cut_short=completion.cut_short,
            filtered=completion.filtered,
        )
