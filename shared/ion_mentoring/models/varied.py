"""A model that writes for a variant of the usual way to answer: the pieces of its text say so."""

from dataclasses import replace

from msgspec import Struct

from ion_mentoring.models.protocol import Completion, Delta, Event, Model, Prompt, Say
from ion_mentoring.usage.meter import UsageMeter


class VariedModel(Struct, frozen=True):
    """The same model, whose pieces are `varied`."""

    model: Model

    @property
    def name(self) -> str:
        """The name of the model behind."""
        return self.model.name

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The model's answer."""
        return await self.model.answer(prompt, meter, _marking(say) if say else None)


def _marking(say: Say) -> Say:
    def mark(event: Event) -> None:
        say(replace(event, varied=True) if isinstance(event, Delta) else event)

    return mark
