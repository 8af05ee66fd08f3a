"""Consent: what a person, or a child's guardian, has agreed to, to which notice, when, and who told us so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

Purpose = Literal["keep", "learn", "feelings", "abroad"]
Giver = Literal["person", "guardian", "tenant"]
Means = Literal["message", "card", "phone", "identity", "paper", "email"]

PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Yes or no to one purpose: to the notice of that name, at a time, by the person, a guardian, or the tenant for them."""

    agreed: bool
    notice: str
    at: datetime
    by: Giver


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian's consent: by which means the tenant has made sure of it, and when. Who that is stays with the tenant."""

    means: Means
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's consent. `child` is whether they are below the tenant's age; None where nobody has said. No date of birth."""

    child: bool | None = None
    guardian: Guardian | None = None
    purposes: Mapping[Purpose, Agreement] = field(default_factory=dict)

    @property
    def of_age(self) -> bool:
        """True for a person who is no child, and for a child whose guardian has agreed."""
        return self.child is False or (self.child is True and self.guardian is not None)

    def agrees(self, purpose: Purpose, notice: str) -> bool:
        """True if they have agreed to a purpose as a notice tells it: of another notice they have not read."""
        found = self.purposes.get(purpose)
        return found is not None and found.agreed and found.notice == notice


NOTHING_SAID: Final = Consent()


def consent_json(consent: Consent) -> str:
    """A consent as JSON, the same for all stores."""
    guardian = consent.guardian and [consent.guardian.means, consent.guardian.at.isoformat()]
    purposes = {name: [one.agreed, one.notice, one.at.isoformat(), one.by] for name, one in sorted(consent.purposes.items())}
    return json.dumps({"child": consent.child, "guardian": guardian, "purposes": purposes})


def consent_of(text: str | None) -> Consent:
    """The consent in such a text; without one, nobody has said anything."""
    if not text:
        return NOTHING_SAID
    found = json.loads(text)
    guardian = Guardian(found["guardian"][0], datetime.fromisoformat(found["guardian"][1])) if found["guardian"] else None
    purposes = {
        name: Agreement(agreed, notice, datetime.fromisoformat(at), by)
        for name, (agreed, notice, at, by) in found["purposes"].items()
    }
    return Consent(found["child"], guardian, purposes)
