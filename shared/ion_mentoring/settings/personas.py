"""The functions of the personas."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.settings.group import Settings
from ion_mentoring.settings.inner import InnerSecret


class Personas(Settings):
    """The URLs of persona functions, by persona; one without a URL answers in this process.

    A local set's secret signs calls to them.
    """

    urls: Mapping[str, str] = Field(default_factory=dict)
    inner_secret: InnerSecret | None = None

    @classmethod
    def _also(cls, values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
        prefix = "PERSONA_URL_"
        urls = {name.removeprefix(prefix).lower(): url for name, url in environ.items() if name.startswith(prefix)}
        wrong = [name for name, url in urls.items() if not url.startswith(("http://", "https://"))]
        if wrong:
            raise SettingsInvalid(f"{prefix}{wrong[0].upper()}: is no http(s) URL", field=prefix + wrong[0].upper())
        return {**values, "urls": {name: url.rstrip("/") for name, url in urls.items()}}
