"""A vendor's model that is not told personal data: placeholders go out, and what they stood for comes back."""

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.masking.placeholders import Placeholders, Restoring
from ion_mentoring.models.protocol import Completion, Delta, Event, Message, Model, Prompt, Say
from ion_mentoring.usage.meter import UsageMeter


class MaskedModel(Struct, frozen=True):
    """The same model behind the masking. A conversation without personal data reaches it as it is."""

    model: Model

    @property
    def name(self) -> str:
        """The name of the model behind."""
        return self.model.name

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The whole answer, with values back in their places, in pieces, too."""
        placeholders = Placeholders()
        hidden = _hidden(prompt, placeholders)
        if not placeholders:
            return await self.model.answer(prompt, meter, say)
        if say is None:
            return _restored(await self.model.answer(hidden, meter, None), placeholders)
        voice = _Voice(say, Restoring(placeholders))
        completion = await self.model.answer(hidden, meter, voice)
        voice.end()
        return _restored(completion, placeholders)


class _Voice:
    """A listener before another one, who hears values."""

    __slots__ = ("_restoring", "_say")

    def __init__(self, say: Say, restoring: Restoring) -> None:
        self._say = say
        self._restoring = restoring

    def __call__(self, event: Event) -> None:
        if isinstance(event, Delta):
            self._say(Delta(self._restoring.hear(event.text), event.usage))
            return
        self._restoring.begin()
        self._say(event)

    def end(self) -> None:
        """Tells what waited for the end of a placeholder that never came."""
        if text := self._restoring.end():
            self._say(Delta(text))


def _hidden(prompt: Prompt, placeholders: Placeholders) -> Prompt:
    for message in prompt.messages:
        placeholders.taken_by(message.content)
    messages = tuple(Message(message.role, placeholders.hide(message.content)) for message in prompt.messages)
    told = localized("model.placeholders", prompt.language)
    return replace(prompt, system=f"{prompt.system}\n{told}", messages=messages)


def _restored(completion: Completion, placeholders: Placeholders) -> Completion:
    return replace(completion, text=placeholders.restore(completion.text))
