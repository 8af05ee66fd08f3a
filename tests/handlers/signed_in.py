"""Those who come to a set with keys and with signed tokens, and what they bring."""

import time
from collections.abc import Mapping

import jwt

from ion_mentoring.access.api_keys import NewKey
from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.access.broken_tokens import SECRET

TOKENS = {"JWT_KEY": SECRET, "JWT_ALGORITHM": "HS256", "JWT_ISSUER": "iss", "JWT_AUDIENCE": "ion"}

Keys = Mapping[str, NewKey]


def open_to(keys: Keys, settings: Mapping[str, str], **more: str) -> App:
    """A router that takes these keys, and tokens of `iss`."""
    return build(RouterSettings.read({**settings, **TOKENS, "API_KEYS": ",".join(key.line for key in keys.values()), **more}))


def headers_of(keys: Keys, who: str) -> dict[str, str]:
    """The credential of the holder of a key, or the token of anybody else, who is its subject."""
    if who in keys:
        return {"x-api-key": keys[who].secret}
    claims = {"sub": who, "iss": "iss", "aud": "ion", "exp": time.time() + 60}
    return {"authorization": f"Bearer {jwt.encode(claims, SECRET)}"}
