"""The detector of personal texts; when in doubt it does, and its answer is kept to its own user.

Read in compatibility form (NFKC), without characters that show nothing, so that neither full-width digits nor zero-width
spaces hide a number.
"""

import re
from typing import Final, Literal

from ion_mentoring.masking.forms import JWT, VENDORS_KEYS
from ion_mentoring.understanding.folding import compatible
from ion_mentoring.understanding.personal import health, identifiers, names
from ion_mentoring.understanding.personal.signs import has_sign

Sign = Literal["identifier", "name", "health", "employer", "secret", "plan"]

_KEYS: Final = re.compile(f"{JWT}|{VENDORS_KEYS}", re.ASCII)
_SHOWS_NOTHING: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


def is_personal(text: str) -> bool:
    """True if the text looks as if it told of a particular person or firm."""
    return sign_of(text) is not None


def sign_of(text: str) -> Sign | None:
    """The first kind of sign that a text has."""
    if not text.isascii():
        text = _SHOWS_NOTHING.sub("", compatible(text))
    if identifiers.SIGNS.search(text):
        return "identifier"
    if _KEYS.search(text) or has_sign("secret", text):
        return "secret"
    if has_sign("plan", text):
        return "plan"
    if health.tells(text):
        return "health"
    if has_sign("employer", text):
        return "employer"
    return "name" if names.tells(text) else None
