"""The memory of a session: read before an answer, kept after it; answers go on without it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest
from ion_mentoring.models.protocol import Message
from ion_mentoring.records.conversations.protocol import ConversationId, Conversations, Turn
from ion_mentoring.telemetry.events import EventLog

REMEMBERED_TURNS: Final = 20


class Memory(Struct, frozen=True):
    """The conversations of the store, each its owner's alone."""

    conversations: Conversations
    log: EventLog
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    async def recall(self, request: AnswerRequest) -> tuple[tuple[Message, ...], bool]:
        """The history that the caller sent, else the session's own; False if it could not be read."""
        conversation = _conversation(request)
        if request.history or conversation is None:
            return request.history, True
        try:
            turns = await self.conversations.recent(conversation, REMEMBERED_TURNS)
        except StoreUnavailable as error:
            self.log.warning("memory_unread", reason=str(error))
            return (), False
        return tuple(Message(turn.role, turn.content) for turn in turns), True

    async def keep(self, request: AnswerRequest, answer: Answer) -> str | None:
        """Keeps the question and its answer, where there is a session, and gives the answer that stands there.

        It is another one where the same entry was kept before; None if nobody knows, since the store does not answer.
        """
        conversation = _conversation(request)
        if conversation is None or not request.kept:
            return answer.content
        at = self.now().astimezone(UTC)
        turns = (Turn("user", request.text, at), Turn("assistant", answer.content, at, answer.persona.id))
        try:
            standing = await self.conversations.append(conversation, turns, entry_id=request.entry or self.new_id())
        except StoreUnavailable as error:
            self.log.warning("memory_unwritten", reason=str(error))
            return None
        return standing[-1].content if standing else answer.content


def _conversation(request: AnswerRequest) -> ConversationId | None:
    if request.session_id is None:
        return None
    return ConversationId(request.caller.owner(request.user_id), request.session_id)
