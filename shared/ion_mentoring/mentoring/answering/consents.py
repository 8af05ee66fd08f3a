"""Consent, as far as answering needs it: what a question may be used for."""

from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller
from ion_mentoring.catalogue.texts import localized
from ion_mentoring.errors import MentoringError
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.safeguard import told
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest, Tell
from ion_mentoring.records.profiles.consent import Purpose


class Allowed(Struct, frozen=True):
    """A request without what nobody agreed to, the purposes that are missing, and the error where it may not be answered."""

    request: AnswerRequest
    unagreed: tuple[Purpose, ...] = ()
    refusal: MentoringError | None = None


class Consents(Protocol):
    """The consent of people."""

    def asks(self, tenant: str) -> bool:
        """True for a tenant that asks its people for consent."""

    def forget(self, owner: str) -> None:
        """Reads the consent of an owner anew with the next question: it has changed, or is gone."""

    async def must_allow(self, caller: Caller, user: str | None, purpose: Purpose) -> None:
        """ConsentRequired where the person of a call has not agreed to a purpose that their tenant asks for."""

    async def allowed(self, request: AnswerRequest) -> Allowed:
        """The request as far as its person agrees; never an error: it is in what comes back."""


def without(request: AnswerRequest, missing: tuple[Purpose, ...]) -> AnswerRequest:
    """The request that does nothing for purposes nobody agreed to: not kept, nothing learnt of it, tone unread, no model
    asked but the playbook."""
    if "keep" in missing:
        request = replace(request, kept=False, use_cache=False)
    if "learn" in missing:
        request = replace(request, learner=None, unit=None, draw=None)
    if "feelings" in missing:
        request = replace(request, read_tone=False)
    if "abroad" in missing:
        request = replace(request, vendors=False, use_cache=False)
    return request


class Withheld(Struct, frozen=True):
    """The ordinary way of a request that may not be answered: its error, and in doubt of a danger what can be said all the
    same, between the question of the safeguard and its line of where to turn."""

    routing: Routing
    request: AnswerRequest
    refusal: MentoringError

    async def __call__(self, *, caring: bool, tell: Tell | None) -> Answer:
        """The answer in doubt; the error otherwise."""
        if not caring:
            raise self.refusal
        decision = self.routing.decide(self.request, caring=True)
        language = "ko" if decision.language == "ko" else "en"
        content, reasoning = localized("consent.withheld", language), localized("routing.safety", language)
        return told(Answer(content, decision.persona, decision, reasoning, language, "safety"), tell)
