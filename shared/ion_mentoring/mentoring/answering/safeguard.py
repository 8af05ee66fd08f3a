"""The safeguard around every answer: the safe answer in danger, a caring question in doubt, before any model and cache."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final, Protocol

from ion_mentoring.catalogue.texts import say
from ion_mentoring.mentoring.answering.asking import Answer, Ask, Began, Part
from ion_mentoring.mentoring.answering.reading import Reader
from ion_mentoring.models.protocol import Delta, Message
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.safety.answers import Listener
from ion_mentoring.understanding.safety.course import Caring, SafetyCourse, SafetyReply, Turn

PLAYBOOK: Final = "playbook"  # the model that says so where nothing it knows fits
SHORT: Final = 12  # characters: such a text says little of its language; a conversation keeps its own


class Ordinary(Protocol):
    """Makes the ordinary answer."""

    def __call__(self, *, caring: bool) -> AsyncGenerator[Part]:
        """Its parts; where `caring`, by the persona who comforts."""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """Looks at what is asked and at the conversation before it, once for each answer."""

    course: SafetyCourse
    reader: Reader
    log: EventLog

    def parts(self, ask: Ask, history: tuple[Message, ...], ordinary: Ordinary) -> AsyncGenerator[Part]:
        """The parts of the safe answer, or of the ordinary one with what care adds to it."""
        to = _listener(ask, history)
        turns = [Turn(turn.role, turn.content) for turn in history]
        said = self.course.next(ask.text, turns, to)
        if isinstance(said, SafetyReply):
            return _each(at_once(self._safe(ask, said, to)))
        if said:
            return _with_care(ordinary(caring=True), said)
        return _with_comfort(ordinary(caring=False), lambda: self.course.sadness(turns, to))

    def _safe(self, ask: Ask, said: SafetyReply, to: Listener) -> Answer:
        """Where to find help, without any model; such an answer is never cached."""
        reading = self.reader.read(replace(ask, language=to.language), caring=True)
        self.log.warning("danger_answered", kind=said.danger.kind, language=reading.language)
        return Answer(
            content=said.text,
            persona=reading.persona,
            reading=reading,
            reasoning=say("routing.safety", reading.language),
            language="ko" if reading.language == "ko" else "en",
            model="safety",
            safety=said.danger.kind,
        )


def at_once(answer: Answer) -> tuple[Part, ...]:
    """The parts of an answer that is there already."""
    return Began(answer.persona, answer.reading, answer.reasoning, answer.safety), Delta(answer.content), answer


async def _each(parts: tuple[Part, ...]) -> AsyncGenerator[Part]:
    for part in parts:
        yield part


async def _with_care(parts: AsyncGenerator[Part], caring: Caring) -> AsyncGenerator[Part]:
    """The same parts: each beginning is followed by the question, and the line comes before the answer."""
    opening = f"{caring.opening}\n\n"
    closing = f"\n\n{caring.closing}" if caring.closing else ""
    async with aclosing(parts):
        async for part in parts:
            match part:
                case Began():
                    yield part
                    yield Delta(opening)
                case Answer():
                    if closing:
                        yield Delta(closing)
                    yield replace(part, content=f"{opening}{part.content}{closing}", care=caring.danger.kind)
                case _:
                    yield part


async def _with_comfort(parts: AsyncGenerator[Part], sadness: Callable[[], Caring | None]) -> AsyncGenerator[Part]:
    """The same parts; to a sad text that nothing fits, the question and the line are added at the end."""
    async with aclosing(parts):
        async for part in parts:
            if isinstance(part, Answer) and _sad_and_nothing_fits(part) and (caring := sadness()):
                added = f"\n\n{caring.opening}\n\n{caring.closing}"
                yield Delta(added)
                yield replace(part, content=part.content + added, care=caring.danger.kind)
            else:
                yield part


def _sad_and_nothing_fits(answer: Answer) -> bool:
    detection = answer.reading.detection
    return answer.model == PLAYBOOK and not answer.topics and detection is not None and detection.feeling is not None


def _listener(ask: Ask, history: tuple[Message, ...]) -> Listener:
    """Whom a safe answer speaks to; a short text is in the language of what the person wrote before."""
    before = next((turn.content for turn in reversed(history) if turn.role == "user"), None)
    text = before if before and len(ask.text) < SHORT and language_of(ask.text) != "ko" else ask.text
    return Listener(ask.language or language_of(text), ask.country)
