"""The safeguard around every answer: the safe answer in danger, a caring question in doubt, before any model and cache."""

import time
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.values import Answer, AnswerEvent, AnswerRequest, Routed, Tell
from ion_mentoring.models.protocol import Delta, Message
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import DangerEvent
from ion_mentoring.telemetry.trace import mark
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import Caring, SafetyReply

PLAYBOOK: Final = "playbook"  # the model that says so where nothing it knows fits
STORY: Final = 10  # words from which a text tells of a matter rather than of how somebody is
SHORT: Final = 12  # characters: such a text says little of its language; a conversation keeps its own


class Ordinary(Protocol):
    """The ordinary way to an answer."""

    async def __call__(self, *, caring: bool, tell: Tell | None) -> Answer:
        """The answer; where `caring`, of the persona who comforts."""


class Remembering(Protocol):
    """The ordinary way to an answer, from what is known of the person and the conversation before it on."""

    async def __call__(
        self, request: AnswerRequest, history: tuple[Message, ...], /, *, caring: bool, tell: Tell | None
    ) -> Answer:
        """The answer; where `caring`, of the persona who comforts."""


class Safeguard(Struct, frozen=True):
    """Looks at what is asked and at the conversation before it, once for each answer."""

    course: SafetyCourse
    routing: Routing
    log: EventLog

    async def __call__(
        self, request: AnswerRequest, history: tuple[Message, ...], ordinary: Ordinary, tell: Tell | None
    ) -> Answer:
        """The safe answer, or the ordinary one with what care adds to it."""
        to = _listener(request, history)
        turns = [Turn(turn.role, turn.content) for turn in history]
        began = time.perf_counter()
        said = self.course.next(request.text, turns, to)
        mark("safeguard", began)
        if said:
            answer = await self._answered(request, said, to, ordinary, tell)
        else:
            answer = await ordinary(caring=False, tell=tell)
            in_doubt = answer.filtered or _sad_and_nothing_fits(answer)
            said = self.course.sadness(turns, to, request.text) if in_doubt else None
            answer = _with_comfort(answer, said, tell) if said else answer
        return replace(answer, lines=self.course.contacts(said, to)) if said else answer

    async def _answered(
        self, request: AnswerRequest, said: SafetyReply | Caring, to: Listener, ordinary: Ordinary, tell: Tell | None
    ) -> Answer:
        """The safe answer, or the ordinary one with a caring question before or behind it."""
        if isinstance(said, SafetyReply):
            return told(self._safe(request, said, to), tell)
        if said.danger.faint and self._tells_a_matter(request.text, to.language):
            return _with_comfort(await ordinary(caring=True, tell=tell), said, tell)
        return await _with_care(said, ordinary, tell)

    def _tells_a_matter(self, text: str, language: str) -> bool:
        """True for a whole story whose matter is found: what is asked is answered first, and the open question comes last."""
        return len(text.split()) >= STORY and self.routing.subjects.subject_of(text, language) is not None

    def _safe(self, request: AnswerRequest, said: SafetyReply, to: Listener) -> Answer:
        """The safe answer with where to find help, without any model; such an answer is never cached."""
        decision = self.routing.decide(replace(request, language=to.language), caring=True)
        self.log.tell(DangerEvent(said.danger.kind, decision.language))
        return Answer(
            content=said.text,
            persona=decision.persona,
            decision=decision,
            reasoning=localized("routing.safety", decision.language),
            language="ko" if decision.language == "ko" else "en",
            model="safety",
            safety=said.danger.kind,
        )


def told(answer: Answer, tell: Tell | None) -> Answer:
    """An answer that is there already, told from its beginning."""
    if tell:
        tell(Routed(answer.persona, answer.decision, answer.reasoning, answer.safety))
        tell(Delta(answer.content))
    return answer


async def _with_care(caring: Caring, ordinary: Ordinary, tell: Tell | None) -> Answer:
    """The ordinary answer after the question, and the line at the end; other words where the playbook knows none that fits.

    The question is told at once, the rest when it is known whether it fits.
    """
    opening = f"{caring.opening}\n\n"
    closing = f"\n\n{caring.closing}" if caring.closing else ""

    def opened(event: AnswerEvent) -> None:
        if tell and not (caring.instead and isinstance(event, Delta)):
            tell(event)
            if isinstance(event, Routed):
                tell(Delta(opening))

    answer = await ordinary(caring=True, tell=opened if tell else None)
    fits = answer.model != PLAYBOOK or answer.topics or not caring.instead
    content = answer.content if fits else caring.instead
    if tell and (rest := (content if caring.instead else "") + closing):
        tell(Delta(rest))
    return replace(answer, content=f"{opening}{content}{closing}", care=caring.danger.kind)


def _with_comfort(answer: Answer, caring: Caring, tell: Tell | None) -> Answer:
    """An answer with the question and the line at its end: to a sad text that nothing fits, or a faint sign beside a matter."""
    added = f"\n\n{caring.opening}\n\n{caring.closing}"
    if tell:
        tell(Delta(added))
    return replace(answer, content=answer.content + added, care=caring.danger.kind)


def _sad_and_nothing_fits(answer: Answer) -> bool:
    detection = answer.decision.detection
    return answer.model == PLAYBOOK and not answer.topics and detection is not None and detection.feeling is not None


def _listener(request: AnswerRequest, history: tuple[Message, ...]) -> Listener:
    """The listener of a safe answer; a short text is in the language of what the person wrote before."""
    before = next((turn.content for turn in reversed(history) if turn.role == "user"), None)
    text = before if before and len(request.text) < SHORT and language_of(request.text) != "ko" else request.text
    return Listener(request.language or language_of(text), request.country)
