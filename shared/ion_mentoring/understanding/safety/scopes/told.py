"""The turns of a conversation, read together: a danger that no turn told by itself, and the kind of one that was told."""

import math
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from ion_mentoring.understanding.safety.danger import KINDS, Danger, Kind
from ion_mentoring.understanding.safety.scopes.reader import SCOPES, Scope, evidence, likely

ASKED: Final = 0.65  # the probability of any danger before anything is read, where we have asked about one
ENTERED: Final = 0.75  # and the one from which it is spoken of, once we have asked about one by its name
ENTERED_UNNAMED: Final = 0.9  # the same after the question that names none
RESPONDED: Final = 0.4  # the same for who takes up what was said of a line, or is alone, after either
SUSPECTED: Final = 0.9  # the same where nobody has asked: from there it is asked about
TRUST: Final = 1.0  # a logarithm of odds: by how much the kind that a sign told is likelier, and whose danger it is
TRUST_IN_DOUBT: Final = 0.7  # the same of what is only suspected
LIKELY: Final = 0.6  # the probability of no danger, below which some is likely
ANOTHER: Final = 0.5  # the probability from which a danger is of another kind than the sign told
ANOTHER_ONES: Final = 0.85  # and from which it is another one's
OWN_AFTER_ALL: Final = 0.05  # the same, below which one that was another one's is the writer's


def by_kind(text: str) -> dict[Kind, float]:
    """By how much a text makes each kind of danger likelier, whoever's it is: logarithms of odds ratios."""
    summed: dict[Kind, float] = dict.fromkeys(KINDS, 0.0)
    for scope, one in zip(SCOPES, evidence(text), strict=False):
        summed[scope.kind] += math.exp(one)
    return {kind: math.log(one) for kind, one in summed.items()}


def settled(danger: Danger, texts: Sequence[str]) -> Danger:
    """The danger, of the kind of which all turns of the person tell, and whose it is by them."""
    shares = likely(texts, Scope(danger.kind, danger.other), TRUST if danger.sure else TRUST_IN_DOUBT)[:-1]
    whole = sum(shares)
    of_kind: dict[Kind, float] = dict.fromkeys(KINDS, 0.0)
    for scope, share in zip(SCOPES, shares, strict=True):
        of_kind[scope.kind] += share / whole
    kind = max(of_kind, key=of_kind.__getitem__)
    if of_kind[kind] >= ANOTHER:
        danger = replace(danger, kind=kind)
    others = sum(share for scope, share in zip(SCOPES, shares, strict=True) if scope.other) / whole
    if danger.other:
        return danger if others > OWN_AFTER_ALL else replace(danger, other=False)
    return replace(danger, other=True, minor=False) if others >= ANOTHER_ONES else danger


def is_likely(texts: Sequence[str]) -> bool:
    """True where the turns of a person tell of some danger rather than of none."""
    return likely(texts)[-1] < LIKELY


def told_together(texts: Sequence[str], asked: Danger | None, *, responds: bool = False) -> Danger | None:
    """The danger that the turns of a person tell together, unsure; None where they tell none.

    Less is needed where we have `asked` about one, and least if the person `responds` to that.
    """
    shares = likely(texts, danger=ASKED) if asked else likely(texts)
    if 1 - shares[-1] < _least(asked, responds=responds):
        return None
    if asked and asked.sure:
        return replace(settled(Danger(asked.kind, sure=True, other=asked.other), texts), sure=False)
    scope = SCOPES[max(range(len(SCOPES)), key=shares.__getitem__)]
    return Danger(scope.kind, sure=False, other=scope.other)


def _least(asked: Danger | None, *, responds: bool) -> float:
    """The probability of any danger from which one is told."""
    if asked is None:
        return SUSPECTED
    if responds:
        return RESPONDED
    return ENTERED if asked.sure else ENTERED_UNNAMED
