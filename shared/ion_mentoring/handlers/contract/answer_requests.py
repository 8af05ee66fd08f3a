"""Requests that were checked, as what the use case takes: the same for all doors."""

from ion_mentoring.access.caller import Caller
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.protocol import Message


def answer_request(
    sent: ProcessRequest, caller: Caller, *, country: str | None = None, entry: str | None = None
) -> AnswerRequest:
    """The use case's request for a checked one; Forbidden where a mentee names another user, or a guest anything.

    `country` is the person's by its headers, `entry` names what it leaves in its session.
    """
    context = sent.context
    return AnswerRequest(
        text=sent.user_input,
        caller=caller,
        key=sent.resonance_key,
        persona=sent.persona,
        language=sent.language,
        user_id=caller.user(context.user_id),
        session_id=caller.session(context.session_id),
        history=tuple(Message(message.role, message.content) for message in context.message_history),
        use_cache=sent.use_cache and sent.kept,
        mode=sent.prompt_mode,
        entry=entry,
        country=context.country or country,
        kept=sent.kept,
        read_tone=sent.read_tone,
    )
