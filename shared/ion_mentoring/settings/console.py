"""The settings of the console."""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pydantic import field_validator

from ion_mentoring.settings.group import Settings

if TYPE_CHECKING:  # who has nobody sign in does not pay for the model of it
    from ion_mentoring.settings.console_tenants import ConsoleTenant

_SOURCES: Final = re.compile(r"'none'|'self'|('self' )?https://[A-Za-z0-9*.:-]+( https://[A-Za-z0-9*.:-]+)*")


class ConsoleSettings(Settings):
    """The origins whose pages may embed the console, as in CSP's frame-ancestors, and who signs in."""

    console_framed_by: str = "'none'"
    console_tenants: str | None = None

    @field_validator("console_tenants")
    @classmethod
    def _listed(cls, setting: str | None) -> str | None:
        if setting:
            from ion_mentoring.settings.console_tenants import tenants_in

            tenants_in(setting)
        return setting

    @cached_property
    def tenants(self) -> "tuple[ConsoleTenant, ...]":
        """The tenants whose people use the console."""
        if not self.console_tenants:
            return ()
        from ion_mentoring.settings.console_tenants import tenants_in

        return tenants_in(self.console_tenants)

    @field_validator("console_framed_by")
    @classmethod
    def _sources(cls, value: str) -> str:
        if not _SOURCES.fullmatch(value):
            raise ValueError("CONSOLE_FRAMED_BY has to be 'none', 'self', or https origins separated by spaces")
        return value
