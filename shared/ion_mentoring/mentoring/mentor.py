"""One persona answering in this process: its card, a prompt, a model, and the model that stands in when that one fails."""

import asyncio

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.protocol import Completion, Model, Prompt
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import Question, Reply
from ion_mentoring.prompts.builder import build
from ion_mentoring.telemetry.events import EventLog


class LocalMentor:
    """Asks `model`, and `fallback` when it fails or takes longer than `timeout_s`; the reply says when it did."""

    def __init__(self, card: Card, model: Model, fallback: Model, log: EventLog, *, timeout_s: float) -> None:
        self._card = card
        self._model = model
        self._fallback = fallback
        self._log = log
        self._timeout_s = timeout_s

    async def answer(self, question: Question) -> Reply:
        """The persona's reply; ModelUnavailable only if the fallback fails, too."""
        prompt = build(self._card, question)
        degraded: tuple[str, ...] = ()
        try:
            completion = await self._complete(self._model, prompt)
        except ModelUnavailable as error:
            self._log.warning("model_replaced", model=self._model.name, by=self._fallback.name, reason=str(error))
            completion = await self._complete(self._fallback, prompt)
            degraded = ("model",)
        return Reply(
            content=completion.text,
            persona=self._card.id,
            model=completion.model,
            language=completion.language,
            usage=completion.usage,
            topics=completion.topics,
            degraded=degraded,
        )

    async def _complete(self, model: Model, prompt: Prompt) -> Completion:
        try:
            async with asyncio.timeout(self._timeout_s):
                completion = await model.complete(prompt)
        except TimeoutError as error:
            raise ModelUnavailable(f"{model.name} took longer than {self._timeout_s} s") from error
        if not completion.text.strip():
            raise ModelUnavailable(f"{model.name} answered nothing")
        return completion
