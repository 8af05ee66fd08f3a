"""Consent given, changed and withdrawn; what was kept for a purpose goes with the consent to it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.errors import CacheUnavailable, Forbidden, StoreUnavailable, ValidationFailed
from ion_mentoring.mentoring.privacy.kinds import PersonalKind
from ion_mentoring.mentoring.privacy.known_consents import KnownConsents
from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.profiles.consent import Agreement, Consent, Giver, Guardian, Means, Purpose
from ion_mentoring.records.profiles.protocol import Profile, Profiles
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.settings.terms import Terms
from ion_mentoring.telemetry.events import EventLog

# The kinds that are kept for a purpose, and end with the consent to it.
KEPT_FOR: Final[Mapping[Purpose, frozenset[str]]] = {
    "keep": frozenset({"sessions"}),
    "learn": frozenset({"ratings", "exposures"}),
}


class Said(Struct, frozen=True):
    """A change of consent as it was sent; None leaves as it was. `by` is who sent it."""

    by: Giver
    notice: str | None = None
    purposes: Mapping[Purpose, bool] | None = None
    child: bool | None = None
    guardian: Means | None = None


class ChangeConsent(Struct, frozen=True):
    """The use case. `forget` makes an owner's cached answers unreadable everywhere; `settle` writes over what was deleted."""

    known: KnownConsents
    profiles: Profiles
    keyring: Keyring
    kinds: Sequence[PersonalKind]
    forget: Callable[[str], Awaitable[None]]
    settle: Callable[[], Awaitable[object]]
    log: EventLog
    now: Callable[[], datetime]

    def terms(self, tenant: str) -> Terms | None:
        """The terms of a tenant, where it has any."""
        return self.known.terms.get(tenant)

    async def read(self, owner: str) -> Consent:
        """The consent of an owner as it stands."""
        return (await self.profiles.get(owner) or Profile()).consent

    async def change(self, owners: Sequence[str], said: Said, terms: Terms | None) -> Consent:
        """Keeps a change, and erases what was kept for what was withdrawn; asked again, it goes on with that.

        The last of the owners is whom the consent is kept of; the others are names of the same person. ValidationFailed for
        another notice than the one of today, Forbidden for what only the tenant may say.
        """
        owner = owners[-1]
        before = await self.read(owner)
        consent = changed(before, said, terms, self.now())
        await self.profiles.agree(owner, consent)
        self.known.forget(owner)
        withdrawn = [purpose for purpose, agreed in (said.purposes or {}).items() if not agreed]
        await self._erase(owners, withdrawn)
        self.log.info("consent_changed", by=said.by, withdrawn=sorted(withdrawn))
        return consent

    async def _erase(self, owners: Sequence[str], withdrawn: Sequence[Purpose]) -> None:
        gone = frozenset().union(*(KEPT_FOR.get(purpose, frozenset()) for purpose in withdrawn))
        if not gone:
            return
        names = await self.keyring.names()
        for owner in owners:
            holder = holder_name(names, digest_of(owner))
            for kind in self.kinds:
                if kind.name in gone and kind.erase:
                    await kind.erase(holder)
        if "learn" in withdrawn and await self.profiles.get(owners[-1]):
            await self.profiles.learn(owners[-1], {}, 0, self.now())
        if "keep" in withdrawn:
            await self._forget(owners)
        await self.settle()

    async def _forget(self, owners: Sequence[str]) -> None:
        try:
            for owner in owners:
                await self.forget(owner)
        except CacheUnavailable:
            raise StoreUnavailable("the cache could not be told", retry_after_s=1) from None


def changed(before: Consent, said: Said, terms: Terms | None, now: datetime) -> Consent:
    """The consent after a change. A person's own word makes nobody of age again who was a child, and no guardian."""
    if said.by == "person" and said.guardian is not None:
        raise Forbidden("a guardian's consent is told by the tenant, who has made sure of it", field="guardian")
    if said.by == "person" and said.child is False and before.child:
        raise Forbidden("who was a child is told by the tenant to be none any more", field="child")
    child = before.child if said.child is None else said.child
    if said.by == "person" and child and any((said.purposes or {}).values()):
        raise Forbidden("a child's guardian agrees, and the tenant tells it", field="purposes")
    guardian = Guardian(said.guardian, now) if said.guardian else before.guardian
    given = _purposes(before, said, terms, now, by="guardian" if said.guardian and child else said.by)
    return replace(before, child=child, guardian=guardian if child else None, purposes=given)


def _purposes(before: Consent, said: Said, terms: Terms | None, now: datetime, *, by: Giver) -> Mapping[Purpose, Agreement]:
    agreed = said.purposes or {}
    if any(agreed.values()) and (terms is None or said.notice != terms.notice):
        allowed = [terms.notice] if terms else []
        raise ValidationFailed("another notice", field="notice", details={"allowed": allowed})
    notices = {purpose: one.notice for purpose, one in before.purposes.items()}
    fresh = {
        purpose: Agreement(yes, said.notice if yes and said.notice else notices.get(purpose, said.notice or ""), now, by)
        for purpose, yes in agreed.items()
    }
    return {**before.purposes, **fresh}
