"""The personas in order: the intended one, the next best where it cannot answer, at last the playbook in its name."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

from ion_mentoring.errors import ModelUnavailable, PersonaUnavailable
from ion_mentoring.mentoring.answering.asking import Begins, Reading
from ion_mentoring.models.protocol import Delta, Restart
from ion_mentoring.personas.contract import Mentor, Question, Reply
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.spending import Tab

Part = Delta | Begins | Reply


@dataclass(frozen=True, slots=True)
class Consult:
    """`last_resort` are the same personas with models that cannot be away; without them, who can wait is told to come back."""

    mentors: Mapping[str, Mentor]
    last_resort: Mapping[str, Mentor]
    log: EventLog

    async def __call__(self, reading: Reading, question: Question, tab: Tab, *, streaming: bool) -> AsyncGenerator[Part]:
        """The parts of the first answer that comes to its end; a Begins wherever another one, or the same, starts over."""
        intended = reading.persona.id
        others = [persona for persona in reading.route.ranked if persona != intended]
        candidates = [(persona, self.mentors[persona]) for persona in (intended, *others)]
        if intended in self.last_resort:
            candidates.append((intended, self.last_resort[intended]))
        for place, (persona, mentor) in enumerate(candidates):
            replaced = ("persona",) if place else ()
            try:
                async with aclosing(mentor.answer(question, tab, streaming=streaming)) as parts:
                    if place:
                        yield Begins(persona)
                    async for part in parts:
                        yield _seen(part, persona, replaced)
                return
            except (PersonaUnavailable, ModelUnavailable) as error:
                failure = error
                self.log.warning("persona_failed", persona=persona, reason=str(error))
        raise PersonaUnavailable(str(failure), retry_after_s=failure.retry_after_s or 1)


def _seen(part: Delta | Restart | Reply, persona: str, replaced: tuple[str, ...]) -> Part:
    """A part as the caller has to see it."""
    match part:
        case Restart():
            return Begins(persona)
        case Reply():
            return part.model_copy(update={"degraded": (*replaced, *part.degraded)}) if replaced else part
    return part
