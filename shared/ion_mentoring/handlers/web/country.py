"""The country that an Accept-Language header tells of: `en-GB` is somebody in Great Britain more likely than anywhere else."""

import re
from typing import Final

_REGION: Final = re.compile(r"^\s*[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})\b")
READ: Final = 200  # characters of the header


def country_of(accept_language: str) -> str | None:
    """The region (ISO 3166-1 alpha-2) of the first language that has one; None where none has."""
    for entry in accept_language[:READ].split(","):
        if region := _REGION.match(entry):
            return region[1].upper()
    return None
