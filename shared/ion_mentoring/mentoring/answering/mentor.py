"""One persona answering in this process: its card makes a prompt, its models answer it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Completion
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import Part, Question, Reply
from ion_mentoring.personas.prompts.builder import build
from ion_mentoring.usage.spending import Tab


class LocalMentor:
    """A card and the models that answer for it; the reply says when another than the first of them did."""

    def __init__(self, card: Card, models: FallbackModels) -> None:
        self._card = card
        self._models = models

    async def answer(self, question: Question, tab: Tab, *, streaming: bool) -> AsyncGenerator[Part]:
        """The pieces if `streaming`, then the reply; ModelUnavailable only if the last model fails, too."""
        prompt = build(self._card, question)
        before = len(tab.calls)
        completion: Completion | None = None
        async with aclosing(self._models.answer(prompt, tab, streaming=streaming)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    completion = piece
                else:
                    yield piece
        if completion is not None:  # and only now, when its call has ended, does the tab have its cost
            yield self._reply(completion, tab, before)

    def _reply(self, completion: Completion, tab: Tab, before: int) -> Reply:
        return Reply(
            content=completion.text,
            persona=self._card.id,
            model=completion.model,
            language=completion.language,
            spent=tuple(tab.calls[before:]),
            topics=completion.topics,
            degraded=() if completion.model == self._models.meant else ("model",),
            cut_short=completion.cut_short,
        )
