"""The detector of personal texts; the answer to one is kept to its own user.

Read in compatibility form (NFKC), without characters that show nothing, so that neither full-width digits nor zero-width
spaces hide a number.
"""

import re
from typing import Final, Literal

from ion_mentoring.masking.forms import JWT, VENDORS_KEYS
from ion_mentoring.understanding.folding import compatible
from ion_mentoring.understanding.personal import health, identifiers, names
from ion_mentoring.understanding.personal.learned_signs import likely
from ion_mentoring.understanding.personal.signs import has_sign

Sign = Literal["identifier", "name", "health", "employer", "secret", "plan", "story"]
Privacy = Literal["own", "doubtful", "open"]
FROM: Final = {"en": 0.62, "ko": 0.62}  # the probability from which a text is taken for personal
DOUBTFUL_FROM: Final = {"en": 0.15, "ko": 0.15}  # and the one from which it may be: nearly all that is personal lies above it

_KEYS: Final = re.compile(f"{JWT}|{VENDORS_KEYS}", re.ASCII)
_WORDS: Final[tuple[Sign, ...]] = ("secret", "plan", "employer")
_SHOWS_NOTHING: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


def is_personal(text: str) -> bool:
    """True if the text looks as if it told of a particular person or firm."""
    return sign_of(text) is not None


def privacy_of(text: str) -> Privacy:
    """`own` for a text that tells of a particular person or firm, `doubtful` where it may, `open` otherwise."""
    read = _readable(text)
    if _outright(read):
        return "own"
    found = likely(read, signs(read))
    if found.probability < DOUBTFUL_FROM[found.language]:
        return "open"
    return "own" if found.probability >= FROM[found.language] else "doubtful"


def sign_of(text: str) -> Sign | None:
    """The kind of what a text tells: a number, key or address that is somebody's, or what it likely tells otherwise."""
    read = _readable(text)
    if outright := _outright(read):
        return outright
    found = likely(read, signs(read))
    return found.kind if found.probability >= FROM[found.language] and found.kind != "harmless" else None


def _outright(read: str) -> Sign | None:
    """What is somebody's without a doubt."""
    if identifiers.SIGNS.search(read):
        return "identifier"
    return "secret" if _KEYS.search(read) else None


def signs(text: str) -> list[Sign]:
    """The kinds of signs that a text has in its words, each of which may be a mistake."""
    read = _readable(text)
    found: list[Sign] = [kind for kind in _WORDS if has_sign(kind, read)]
    if health.tells(read):
        found.append("health")
    if names.tells(read):
        found.append("name")
    return found


def _readable(text: str) -> str:
    return text if text.isascii() else _SHOWS_NOTHING.sub("", compatible(text))
