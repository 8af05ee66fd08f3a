"""Mentoring inside a program: the whole use case in its process, asked synchronously from any thread."""

import asyncio
import logging
import os
import threading
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import DeadlineExceeded
from ion_mentoring.handlers.api.v1 import V1ChatView, v1_view
from ion_mentoring.handlers.contract.requests import HISTORY_LIMIT, TEXT_LIMIT
from ion_mentoring.handlers.web.cleaning import cleaned, shows_nothing
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.protocol import Message
from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.loop_thread import LoopThread
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.personas import Personas
from ion_mentoring.settings.store import Store
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.key import ResonanceKey
from ion_mentoring.wiring.answering import answering
from ion_mentoring.wiring.clients import close

PROGRAM: Final = Caller("program", everybody=True)
NOTHING_SAID: Final = "안녕하세요"  # stands for a text that shows nothing: it is answered as a greeting is
THREADS_WAITING: Final = 10_000
# A program names its model and nothing else of a deployment: where it runs, and what is around it, is its own affair.
READ: Final = ("MODEL", "FALLBACK_MODEL", "HEDGE_AFTER_S", "GOOGLE_CLOUD_PROJECT", "REQUEST_TIMEOUT_S")

_LOG: Final = logging.getLogger(__name__)


class ProgramRequest(Struct, frozen=True):
    """A question as a program has it, of any length and content; without a persona the key decides."""

    text: str
    key: ResonanceKey
    persona: str | None = None
    user_id: str | None = None
    history: tuple[tuple[str, str], ...] = ()  # role and content, oldest first


class EmbeddedMentors:
    """The mentors, with the playbook unless MODEL names another model, and a cache and nothing that lasts."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        named = {name: value for name, value in environ.items() if name.startswith(READ)}
        self._timeout_s = Deployment.read(named).request_timeout_s
        self._answer = _use_case(ModelChoice.read(named))
        self._loop = LoopThread("ion-mentoring")

    def answer(self, asked: ProgramRequest) -> V1ChatView:
        """The answer as v1 shows it; DeadlineExceeded after REQUEST_TIMEOUT_S. May be called from many threads at once."""
        return self._loop.run(self._answered(asked))

    def close(self) -> None:
        """Ends the thread and its connections."""
        self._loop.run(close())
        self._loop.close()

    async def _answered(self, asked: ProgramRequest) -> V1ChatView:
        deadline.CURRENT.set(deadline.Deadline.after(self._timeout_s))
        request = AnswerRequest(
            text=_readable(asked.text),
            caller=PROGRAM,
            key=asked.key,
            persona=asked.persona,
            user_id=asked.user_id,
            history=_messages(asked.history),
        )
        try:
            async with asyncio.timeout(self._timeout_s):
                return v1_view(await self._answer(request))
        except TimeoutError as error:
            raise DeadlineExceeded("no answer in time") from error


def embedded() -> EmbeddedMentors:
    """The mentors of this process, made at the first call as its environment says."""
    with _SHARED.lock:
        if _SHARED.mentors is None:
            _SHARED.mentors = EmbeddedMentors(os.environ)
        return _SHARED.mentors


def forget() -> None:
    """Ends the mentors of this process; a later call makes others, as the environment says then."""
    with _SHARED.lock:
        mentors, _SHARED.mentors = _SHARED.mentors, None
    if mentors:
        mentors.close()


class _Shared:
    """The one instance of this process. A process that was forked has none: its parent's thread did not come along."""

    def __init__(self) -> None:
        self.begin()
        os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """Nothing is made yet."""
        self.lock = threading.Lock()
        self.mentors: EmbeddedMentors | None = None


_SHARED: Final = _Shared()


def _use_case(choice: ModelChoice) -> AnswerQuestion:
    log = EventLog("program", lambda line: _LOG.debug("%s", line.rstrip()))
    patient = choice.model_copy(update={"answers_waiting": THREADS_WAITING})
    store = Store(store="sqlite:///:memory:")
    return answering(Deployment(), patient, Personas(), Cache(), store, log, someone_waits=True).answer


def _readable(text: str) -> str:
    """The text as it can be answered: what is beyond the limit is left out, since there is nobody to refuse it to."""
    kept = _whole(text)
    return NOTHING_SAID if shows_nothing(kept) else kept


def _whole(text: str) -> str:
    """The text without half characters, which no model takes."""
    return cleaned(text[:TEXT_LIMIT].encode(errors="replace").decode(), TEXT_LIMIT)[:TEXT_LIMIT]


def _messages(history: Iterable[tuple[str, str]]) -> tuple[Message, ...]:
    said = [Message("assistant" if role == "assistant" else "user", _whole(text)) for role, text in history]
    return tuple(message for message in said if not shows_nothing(message.content))[-HISTORY_LIMIT:]
