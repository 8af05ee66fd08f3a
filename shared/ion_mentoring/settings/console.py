"""The settings of the console."""

import re
from typing import Final

from pydantic import field_validator

from ion_mentoring.settings.group import Settings

_SOURCES: Final = re.compile(r"'none'|'self'|('self' )?https://[A-Za-z0-9*.:-]+( https://[A-Za-z0-9*.:-]+)*")


class ConsoleSettings(Settings):
    """The origins whose pages may embed the console, as in CSP's frame-ancestors, and a switch for its service worker."""

    console_framed_by: str = "'none'"
    console_worker: bool = True

    @field_validator("console_framed_by")
    @classmethod
    def _sources(cls, value: str) -> str:
        if not _SOURCES.fullmatch(value):
            raise ValueError("CONSOLE_FRAMED_BY has to be 'none', 'self', or https origins separated by spaces")
        return value
