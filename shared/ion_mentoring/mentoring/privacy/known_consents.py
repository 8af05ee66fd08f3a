"""The consent of people as answers obey it: read from the store with a person's first question, and known for a minute."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.errors import ConsentRequired, MentoringError, StoreUnavailable
from ion_mentoring.mentoring.answering.consents import Allowed, without
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.records.profiles.consent import NOTHING_SAID, PURPOSES, Consent, Purpose
from ion_mentoring.records.profiles.protocol import Profile, Profiles
from ion_mentoring.settings.terms import Terms
from ion_mentoring.telemetry.events import EventLog

KEPT_S: Final = 60.0
PEOPLE: Final = 20_000
BYTES: Final = 8 * 1024 * 1024
SIZE: Final = 400  # bytes of what one person has agreed to, roughly


def _known() -> LocalCache[Consent]:
    return LocalCache(max_bytes=BYTES, max_entries=PEOPLE, now=time.time)


class KnownConsents(Struct):
    """Consents by their owner, under the terms of tenants; `now` is wall-clock time in seconds. Tenants without terms pass."""

    terms: Mapping[str, Terms]
    profiles: Profiles
    log: EventLog
    now: Callable[[], float] = time.time
    _people: LocalCache[Consent] = field(default_factory=_known)

    def asks(self, tenant: str) -> bool:
        """True for a tenant that asks its people for consent."""
        return tenant in self.terms

    async def allowed(self, request: AnswerRequest) -> Allowed:
        """The request as far as its person agrees. Of nobody in particular, and where the store does not answer, nothing is
        agreed to; an age that cannot be read now is StoreUnavailable."""
        terms = self.terms.get(request.caller.tenant)
        if terms is None or _of_our_own(request):
            return Allowed(request)
        try:
            consent, unread = request.consent or await self.of(request.caller, request.user_id), None
        except StoreUnavailable as error:
            self.log.warning("consent_unread", reason=str(error))
            consent, unread = NOTHING_SAID, error
        refusal: MentoringError | None = refused(terms, consent)
        missing = PURPOSES if refusal else unagreed(terms, consent)
        return Allowed(without(request, missing), missing, unread if refusal and unread else refusal)

    async def must_allow(self, caller: Caller, user: str | None, purpose: Purpose) -> None:
        """ConsentRequired where the person has not agreed to a purpose that their tenant asks for."""
        terms = self.terms.get(caller.tenant)
        if terms is None:
            return
        consent = await self.of(caller, user)
        if refusal := refused(terms, consent):
            raise refusal
        if purpose in unagreed(terms, consent):
            raise _required(terms, "purposes", purpose=purpose)

    async def of(self, caller: Caller, user: str | None) -> Consent:
        """The consent of the person whom a call is of; StoreUnavailable where it cannot be read."""
        if not caller.speaks_for_somebody(user):
            return NOTHING_SAID
        owner = caller.learner(user)
        known = self._people.get(owner)
        if known is not None:
            return known.value
        found = (await self.profiles.get(owner) or Profile()).consent
        self._people.put(owner, found, size=SIZE, expires_at=self.now() + KEPT_S)
        return found

    def forget(self, owner: str) -> None:
        """Reads the consent of an owner anew with the next question: it has changed."""
        self._people.put(owner, NOTHING_SAID, size=0, expires_at=0.0)


def unagreed(terms: Terms, consent: Consent) -> tuple[Purpose, ...]:
    """The purposes that a tenant asks for, and that a person has not agreed to as its notice tells them."""
    return tuple(purpose for purpose in terms.asks if not consent.agrees(purpose, terms.notice))


def refused(terms: Terms, consent: Consent) -> ConsentRequired | None:
    """The error for a person whose age nobody has told, or a child whose guardian has not agreed."""
    if terms.child_below is None or consent.of_age:
        return None
    return _required(terms, "guardian" if consent.child else "child", child_below=terms.child_below)


def _of_our_own(request: AnswerRequest) -> bool:
    """True for what our own workers ask about nobody: questions of a cache that is warmed or renewed."""
    caller = request.caller
    return caller.everybody and not caller.roles and request.user_id is None


def _required(terms: Terms, field: str, **facts: Any) -> ConsentRequired:
    return ConsentRequired(field, field=f"consent.{field}", details={"notice": terms.notice, **facts})
