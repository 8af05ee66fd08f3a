"""The HTTP that all vendors have in common: how long is waited, and which keys and URLs a request can carry."""

from typing import Final

import httpx2

from ion_mentoring.errors import SettingsInvalid

WAITS: Final = httpx2.Timeout(None, connect=5.0)  # whoever asks bounds the rest: a thinking model is silent for long


def checked_key(api_key: str | None) -> str | None:
    """The key; SettingsInvalid for one that no header can hold: it would end up in the client's error."""
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise SettingsInvalid("a model's API key holds characters that no header can")
    return api_key


def checked_url(url: str) -> httpx2.URL:
    """The URL; SettingsInvalid for one that no request can carry."""
    try:
        return httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise SettingsInvalid("a model's URL is none") from error
