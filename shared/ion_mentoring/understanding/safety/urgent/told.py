"""The emergency that a text tells of by how it is said and what it means, beside all patterns."""

from collections.abc import Mapping
from typing import Final

from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.danger import Danger, Kind
from ion_mentoring.understanding.safety.urgent.kinds import BELONGS_TO, BY_ROLE, KIND_OF, Emergency
from ion_mentoring.understanding.safety.urgent.reader import Heard, Urgent, heard, of_whom
from ion_mentoring.understanding.stacked import read_in

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
# The probabilities of anything urgent, and of the thing itself, from which a text tells it: where a danger is spoken of; where
# the danger check suspects one in the text itself; where nothing else shows one, or a turn has an answer of its own; and there
# of what ordinary messages resemble.
WITHIN: Final = (0.75, 0.4)
SUSPECTED: Final = (0.85, 0.65)
SURELY: Final = (0.9, 0.75)
RESEMBLED: Final = (0.95, 0.9)
OF_OTHER: Final = 0.6  # the probability from which it is another one's
SURELY_OF_OTHER: Final = 0.85
URGENT_FROM: Final = 0.75  # and from which a text surely tells of anything urgent
# What an ordinary message resembles ("ate too much", "by Friday", "my pictures"), or one of another danger (who is followed).
ORDINARY: Final[tuple[Emergency, ...]] = ("swallowed", "planned", "armed", "pay", "attacker")
# Without a child nobody is told how to lay one down.
BABY: Final = Pattern(
    r"(?i)\b(?:bab(?:y|ies)|infant|newborn|toddler|crib|cot|napp(?:y|ies)|diaper|(?:week|month)s? old|bottle|feeds?|milk|son|"
    r"daughter|kids?|child|little one|twins?|shak(?:e|ing|en)|shook|rock(?:ed|ing))\b"
    r"|아기|애기|갓난|신생아|분유|기저귀|젖병|아이|애를|애가|애도|딸|아들|돌(?:쟁이| ?지난)|개월"
)
NECK_FROM: Final = 0.6  # the probability from which a neck is meant though no word of one stands there
NECK: Final = Pattern(
    r"(?i)\b(?:necks?|throat|chok\w*|strangl\w*|breath\w*|voice|swallow\w*|hoarse|croak\w*|scarf|collar|pillow|windpipe|"
    r"hands? (?:round|around|over|on)|air)\b|목|졸[라랐리려]|숨|베개|삼키"
)
BLEEDS: Final = Pattern(r"(?i)\b(?:bleed\w*|blood\w*|gap\w+|deep\w*|stitch\w*|open)\b|피[가를 ]|피도|벌어|깊|꿰매|꼬매")
SHORTEST_ALONE: Final = 5  # words
SHORTEST: Final = 3  # the same where one is suspected


def heard_in(text: str, spoken_of: Danger | None, suspected: Danger | None, *, answered: bool) -> Emergency | None:
    """What is told by how it is said and what it means, of what belongs to the danger."""
    found = heard(text, read_in(text))
    name = LEARNED.get(found.kind)
    if name == "neck" and not NECK.search(text):  # in other words for it, or a wound, which is told as one
        name = "cut" if BLEEDS.search(text) else name if found.probability >= NECK_FROM else None
    if name is None or (name == "baby" and not BABY.search(text)):
        return None
    by_itself = RESEMBLED if name in ORDINARY else SURELY
    danger, words = spoken_of or suspected, len(text.split())
    if danger is None:
        return name if _likely(found, by_itself) and words >= SHORTEST_ALONE else None
    begun = spoken_of is not None and spoken_of is not suspected
    agreed = suspected is not None and suspected.sure and suspected.kind == KIND_OF[name]
    usual = WITHIN if begun and name not in BY_ROLE else SUSPECTED
    strange = begun and name in BY_ROLE and KIND_OF[name] != danger.kind
    if answered or strange or (not begun and not agreed and name in ORDINARY):
        usual = by_itself
    if not _likely(found, usual) or (not begun and words < SHORTEST):
        return None
    if danger.kind in BELONGS_TO[name]:
        return name
    return "body" if name == "cut" else None


def _likely(found: Heard, least: tuple[float, float]) -> bool:
    return found.any >= least[0] and found.probability >= least[1]


def of_other(text: str, kind: Kind) -> bool:
    """True where a danger is another one's, by how a text is said; more is asked where that leaves the writer alone."""
    return of_whom(text, read_in(text)).other >= (OF_OTHER if kind == "harm_others" else SURELY_OF_OTHER)


def is_urgent(text: str) -> bool:
    """True for a text that surely tells of something urgent, whatever that is."""
    return heard(text, read_in(text)).any >= URGENT_FROM
