"""Requests that were checked, as what the use case takes: the same for all doors."""

from datetime import UTC, datetime

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import Forbidden
from ion_mentoring.handlers.contract.requests import ConsentRequest, ProcessRequest
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.protocol import Message
from ion_mentoring.records.profiles.consent import Agreement, Consent, Guardian


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
        consent=stated(context.consent, caller) if context.consent else None,
    )


def stated(sent: ConsentRequest, caller: Caller) -> Consent:
    """The consent that a request itself tells: a service's word for its user, a guest's own for itself.

    Forbidden for a mentee, whose consent is kept, and for a guest's guardian, of whom nobody has made sure.
    """
    if caller.person is not None:
        raise Forbidden("a person's consent is kept: PUT .../consent", field="context.consent")
    if caller.guest is not None and sent.guardian is not None:
        raise Forbidden("a guest has nobody who makes sure of a guardian", field="context.consent.guardian")
    at = datetime.now(UTC)
    guardian = Guardian(sent.guardian, at) if sent.guardian else None
    purposes = {purpose: Agreement(yes, sent.notice or "", at, "tenant") for purpose, yes in sent.purposes.items()}
    return Consent(sent.child, guardian, purposes)
