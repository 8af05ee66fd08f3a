"""The check of a text for signs of danger, in two tiers: sure, and unsure."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from ion_mentoring.understanding.remembered import Remembered
from ion_mentoring.understanding.safety.danger import GROUP_OF, KINDS, Danger, Kind
from ion_mentoring.understanding.safety.denials import Denials
from ion_mentoring.understanding.safety.learned import LearnedCheck
from ion_mentoring.understanding.safety.scopes.told import by_kind
from ion_mentoring.understanding.safety.turns import Turns

# Logarithms of odds. `make evaluate-safety` prints what they find, and what they take for a sign that is none.
SURE: Final = -0.1
ASKED: Final = -1.0  # below it, the caring question names no danger
UNSURE: Final = -2.3
DENIED: Final = -2.6  # below it, what is said in so many words is said to be otherwise
ONE_WORD: Final = re.compile("[A-Za-z]+")  # in Latin letters: no sentence, as one in other letters may be
ANOTHER: Final = 2.0  # so much likelier has another danger to be than the one that is spoken of
ATTACKED: Final = 4.0  # the same for one that may hurt others, whose words those use who are hurt
WEAK: Final = 2.0  # below it, a no is believed
LAUGHS: Final = re.compile(r"ㅋㅋ|ㅎㅎ|\b(?:lol|lmao|rofl|haha\w*)\b|[😂🤣]", re.IGNORECASE)
LAUGHING: Final = 1.0  # so much more is asked of what is said in so many words with a laugh; in doubt it is asked about
FEW_WORDS: Final = 2  # of a text that says little
SHORTER: Final = 1.0  # so much more is asked of such a text before it is sure
OF_WHOLE: Final = 2.0  # by how much what the whole text tells counts beside the part that says most, for the kind of danger
LONGER: Final = 0.2  # more is asked of a text for each time that its parts double: each part is one more chance to be wrong


@dataclass(frozen=True, slots=True)
class DangerCheck:
    """The check of texts in any language; in doubt the text is unsure, which costs a sentence."""

    learned: LearnedCheck
    denials: Denials
    turns: Turns
    known: Remembered[Danger | None] = field(default_factory=Remembered, compare=False, repr=False)

    @staticmethod
    def load() -> "DangerCheck":
        """The check with the product's data."""
        return DangerCheck(LearnedCheck.load(), Denials.load(), Turns.load())

    def check(self, text: str, *, least: float = 0.0) -> Danger | None:
        """The danger that a text tells of, None if there is none; one that is denied is unsure.

        `least` more is asked (a logarithm of odds) where nothing before made it likely.
        """
        return self.known.of(f"{least} {text}", lambda: self._checked(text, least))

    def _checked(self, text: str, least: float) -> Danger | None:
        danger = self._told(text, least)
        if danger is None or not danger.sure or (rest := self.denials.rest(text)) is None:
            return danger
        left = self._told(rest, least) if rest else None
        return left if left and left.sure else replace(danger, sure=False)

    def turns_to(self, now: Danger, text: str, before: Danger) -> bool:
        """True if a text tells of the danger that was found in it much rather than of the kinds of the one before."""
        part = self.learned.likelihood(text).part
        own = max(self.learned.score(kind, part) for kind in KINDS if GROUP_OF[kind] == before.group)
        return self.learned.score(now.kind, part) - own >= (ATTACKED if now.group == "harm_others" else ANOTHER)

    def weakly(self, text: str) -> bool:
        """True for a text in which danger is not said in so many words, nor anywhere near."""
        found = self.learned.likelihood(text)
        return not found.plain and found.score < WEAK

    def _told(self, text: str, least: float) -> Danger | None:
        if self.turns.is_farewell(text):
            return Danger("suicide", sure=True, other=True)
        found = self.learned.likelihood(text)
        score = found.score - LONGER * math.log2(found.parts) - least
        if score < UNSURE and not found.plain and not self.turns.is_assault(text):
            return None
        learned, part = self.learned, found.part
        # What is said in so many words is doubted only where it is denied.
        few = len(text.split()) <= FEW_WORDS
        plain = SURE + LAUGHING if LAUGHS.search(text) else DENIED
        sure = found.score >= plain if found.plain else score >= SURE + SHORTER * few and not ONE_WORD.fullmatch(text.strip())
        faint = not sure and not found.plain and score < ASKED
        told = Danger(self._kind(text, part, plain=found.plain), sure, learned.of_other(part), learned.of_minor(part), faint)
        return self._in_words(text, told, plain=found.plain)

    def _kind(self, text: str, part: Sequence[int], *, plain: bool) -> Kind:
        """The likeliest kind, by the part that says most and by the whole; a wish to die in so many words is one."""
        likeliest = self.learned.kind(part)
        if plain and likeliest == "suicide":
            return likeliest
        whole = by_kind(text)
        return max(KINDS, key=lambda kind: self.learned.score(kind, part) + OF_WHOLE * whole[kind])

    def _by_blows(self, text: str, likely: Kind) -> Kind | None:
        """The kind of danger by who hits or threatens whom; None where the likely one is right, or nothing is said of it."""
        if likely == "home_violence":
            return "harm_others" if self.turns.is_attacker(text) else None
        threatened = likely == "harm_others" and self.turns.is_threatened(text)
        hit = likely in ("harm_others", "self_injury") and self.turns.is_victim(text)
        return "home_violence" if threatened or hit else None

    def _in_words(self, text: str, told: Danger, *, plain: bool) -> Danger:
        """The danger with the kind and the person that the words name, whatever is likelier."""
        turns = self.turns
        if kind := self._by_blows(text, told.kind):
            return replace(told, kind=kind, other=False)
        if turns.other_threatens(text):
            return replace(told, kind="harm_others", other=True)
        if turns.threatens(text) and not plain:
            return replace(told, kind="harm_others", other=False, faint=False)
        if turns.is_hazed(text):
            return replace(told, kind="work_violence", sure=True, faint=False)
        if turns.is_assault(text):
            return replace(told, kind="sexual", sure=True, faint=False)
        if told.group == "self_harm" and turns.tells_of_other(text):
            return replace(told, other=True)
        if told.group == "violence" and turns.is_of_cared_for(text):
            return replace(told, other=True, minor=False)
        hurt = told.kind == "suicide" and not plain and turns.is_hurt(text)
        return replace(told, kind="home_violence") if hurt else told
