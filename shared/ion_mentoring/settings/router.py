"""The settings of the router."""

from typing import Self

from pydantic import model_validator

from ion_mentoring.settings.access import Access
from ion_mentoring.settings.audit import AuditSettings
from ion_mentoring.settings.batches import Batches
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.consent import ConsentSettings
from ion_mentoring.settings.console import ConsoleSettings
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import Settings
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.personas import Personas
from ion_mentoring.settings.publishing import Publishing
from ion_mentoring.settings.store import Store


class RouterSettings(Settings):
    """All that the router reads."""

    deployment: Deployment
    models: ModelChoice
    personas: Personas
    cache: Cache
    publishing: Publishing
    store: Store
    access: Access
    audit: AuditSettings
    console: ConsoleSettings
    batches: Batches
    consent: ConsentSettings

    @model_validator(mode="after")
    def _tokens_are_taken(self) -> Self:
        """A sign-in whose tokens nobody takes would send people round in a circle."""
        taken = {(one.issuer, one.tenant) for one in self.access.issuers} if self.console.tenants else set()
        for place, one in enumerate(self.console.tenants, 1):
            if one.sign_in and (one.sign_in.issuer, one.tenant) not in taken:
                raise ValueError(f"CONSOLE_TENANTS: entry {place}: JWT_ISSUERS has no such issuer for its tenant")
        return self
