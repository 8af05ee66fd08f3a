"""The setting of consent."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import field_validator

from ion_mentoring.settings.group import Settings

if TYPE_CHECKING:  # who asks nobody for consent does not pay for the model of it
    from ion_mentoring.settings.terms import Terms


class ConsentSettings(Settings):
    """The terms of tenants, in JSON; a tenant that is not listed has asked its people itself."""

    consent_terms: str | None = None

    @field_validator("consent_terms")
    @classmethod
    def _listed(cls, setting: str | None) -> str | None:
        if setting:
            from ion_mentoring.settings.terms import terms_in

            terms_in(setting)
        return setting

    @cached_property
    def by_tenant(self) -> "Mapping[str, Terms]":
        """The terms by tenant."""
        if not self.consent_terms:
            return {}
        from ion_mentoring.settings.terms import terms_in

        return {one.tenant: one for one in terms_in(self.consent_terms)}
