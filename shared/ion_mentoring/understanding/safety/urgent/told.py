"""The emergency that a text tells of by how it is said and what it means, beside all patterns."""

import re
from collections.abc import Mapping
from typing import Final

from ion_mentoring.understanding.safety.danger import Danger, Kind
from ion_mentoring.understanding.safety.urgent.kinds import BELONGS_TO, BY_ROLE, KIND_OF, Emergency
from ion_mentoring.understanding.safety.urgent.reader import Heard, Urgent, heard

HANGUL: Final = re.compile("[가-힣ㄱ-ㅎ]")
LEARNED: Final[Mapping[Urgent, Emergency]] = {
    "wound": "cut",
    "poison": "swallowed",
    "body": "body",
    "neck": "neck",
    "means": "means",
    "when": "planned",
    "armed": "armed",
    "near": "attacker",
    "baby": "baby",
    "assault": "assault",
    "pay": "pay",
}
# The probabilities of anything urgent, and of the thing itself, from which a text tells it: where a danger is spoken of; the
# same of what few people mean; where the danger check suspects one in the text itself; where a turn has an answer of its own;
# and where the check knows nothing of such a thing.
WITHIN: Final = (0.75, 0.4)
SELDOM: Final = (0.85, 0.65)
SUSPECTED: Final = (0.85, 0.65)
SURELY: Final = (0.9, 0.8)
BY_ITSELF: Final = (0.95, 0.9)
OF_OTHER: Final = 0.6  # the probability from which it is another one's
SURELY_OF_OTHER: Final = 0.85
URGENT_FROM: Final = 0.75  # and from which a text surely tells of anything urgent
ALONE: Final[tuple[Emergency, ...]] = ("attacker", "baby", "armed", "assault", "pay")
SHORTEST_ALONE: Final = 5  # words
SHORTEST: Final = 3  # the same where one is suspected


def heard_in(text: str, spoken_of: Danger | None, suspected: Danger | None, *, answered: bool) -> Emergency | None:
    """What is told by how it is said and what it means, of what belongs to the danger."""
    found = heard(text, language_of(text))
    name = LEARNED.get(found.kind)
    if name is None:
        return None
    danger = spoken_of or suspected
    if danger is None:
        alone = name in ALONE and _likely(found, BY_ITSELF) and len(text.split()) >= SHORTEST_ALONE
        return name if alone else None
    begun = spoken_of is not None and spoken_of is not suspected
    ordinary = answered or (name == "attacker" and not begun)  # who is followed again and again is not attacked now
    usual = WITHIN if begun else SUSPECTED
    seldom = SELDOM if begun else BY_ITSELF
    agreed = suspected is not None and suspected.sure and suspected.kind == KIND_OF[name]
    least = SURELY if ordinary else seldom if name in BY_ROLE and not agreed else usual
    if not _likely(found, least) or (not begun and len(text.split()) < SHORTEST):
        return None
    if danger.kind in BELONGS_TO[name]:
        return name
    return "body" if name == "cut" else None


def _likely(found: Heard, least: tuple[float, float]) -> bool:
    return found.any >= least[0] and found.probability >= least[1]


def language_of(text: str) -> str:
    """The language in which a text is heard: Korean where it has any Hangul."""
    return "ko" if HANGUL.search(text) else "en"


def of_other(text: str, kind: Kind) -> bool:
    """True where a danger is another one's, by how a text is said; more is asked where that leaves the writer alone."""
    return heard(text, language_of(text)).other >= (OF_OTHER if kind == "harm_others" else SURELY_OF_OTHER)


def is_urgent(text: str) -> bool:
    """True for a text that surely tells of something urgent, whatever that is."""
    return heard(text, language_of(text)).any >= URGENT_FROM
