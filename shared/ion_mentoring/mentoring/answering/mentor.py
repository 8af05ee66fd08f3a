"""One persona answering in this process: its card makes a prompt, its models answer it."""

from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Say
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.prompts.builder import build
from ion_mentoring.usage.meter import UsageMeter


class LocalMentor:
    """A card and the models that answer for it; the reply says when another than the first of them did."""

    def __init__(self, card: Card, models: FallbackModels) -> None:
        self._card = card
        self._models = models

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        """The reply; ModelUnavailable only if the last model fails, too."""
        before = len(meter.calls)
        completion = await self._models.answer(build(self._card, question), meter, say)
        return Reply(
            content=completion.text,
            persona=self._card.id,
            model=completion.model,
            language=completion.language,
            spent=tuple(meter.calls[before:]),
            topics=completion.topics,
            offered=completion.offered,
            plan=completion.plan,
            degraded=() if completion.model == self._models.meant else ("model",),
            cut_short=completion.cut_short,
            filtered=completion.filtered,
        )
