"""Consent as callers see it."""

from typing_extensions import TypedDict

from ion_mentoring.handlers.contract.requests import ConsentRequest
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.privacy.consenting import Said
from ion_mentoring.mentoring.privacy.known_consents import refused, unagreed
from ion_mentoring.records.profiles.consent import Consent, Giver
from ion_mentoring.settings.terms import Terms


class AgreementView(TypedDict):
    """Yes or no to a purpose: to which notice, when, and who told it (person, guardian or tenant)."""

    agreed: bool
    notice: str
    at: str
    by: str


class GuardianView(TypedDict):
    """A guardian's consent: by which means the tenant made sure of it, and when."""

    means: str
    at: str


class KeptConsentView(TypedDict):
    """The consent that is kept of a person."""

    child: bool | None
    guardian: GuardianView | None
    purposes: dict[str, AgreementView]


class ConsentView(KeptConsentView):
    """A person's consent beside what their tenant asks for: its notice of today, the purposes, and the age below which a
    guardian agrees. `missing` is what nothing is done for; `answered` is false where nobody is answered but in danger."""

    success: bool
    notice: str | None
    asks: list[str]
    child_below: int | None
    missing: list[str]
    answered: bool
    request_id: str
    timestamp: str


def said(sent: ConsentRequest, by: Giver) -> Said:
    """A change of consent as the use case takes it."""
    return Said(by, sent.notice, sent.purposes, sent.child, sent.guardian)


def kept_consent_view(consent: Consent) -> KeptConsentView:
    """A consent as it is kept."""
    guardian: GuardianView | None = None
    if consent.guardian:
        guardian = {"means": consent.guardian.means, "at": timestamp(consent.guardian.at)}
    purposes: dict[str, AgreementView] = {
        purpose: {"agreed": one.agreed, "notice": one.notice, "at": timestamp(one.at), "by": one.by}
        for purpose, one in sorted(consent.purposes.items())
    }
    return {"child": consent.child, "guardian": guardian, "purposes": purposes}


def consent_view(consent: Consent, terms: Terms | None, request_id: str) -> ConsentView:
    """A consent beside the terms of its tenant; a tenant without terms asks for nothing."""
    return {
        "success": True,
        **kept_consent_view(consent),
        "notice": terms.notice if terms else None,
        "asks": list(terms.asks) if terms else [],
        "child_below": terms.child_below if terms else None,
        "missing": list(unagreed(terms, consent)) if terms else [],
        "answered": terms is None or refused(terms, consent) is None,
        "request_id": request_id,
        "timestamp": timestamp(),
    }
