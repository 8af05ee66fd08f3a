"""What stands beside a denial: a danger ("I don't want to die, but he hits me"), or a matter ("..., my thesis is due")."""

from typing import Final

from msgspec import Struct

from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.turns import Turns

FEWEST_WORDS: Final = 3  # of a matter


class BesideDenials(Struct, frozen=True):
    """Reads the rest of texts in which something is denied."""

    check: DangerCheck
    turns: Turns

    def denied(self, text: str) -> bool:
        """True if a text denies what it was taken for, and tells of no danger beside that."""
        return self.turns.denies(text) and not self.danger(text)

    def danger(self, text: str) -> bool:
        """True where a danger that can be named stands beside a denial."""
        left = self.check.check(rest) if (rest := self.check.denials.rest(text)) else None
        return left is not None and not left.faint

    def own_matter(self, text: str) -> bool:
        """True where what stands beside a denial is the person's own matter, and no danger."""
        rest = self.check.denials.rest(text)
        if not rest or len(rest.split()) < FEWEST_WORDS or not self.turns.names_matter(rest):
            return False
        return self.check.check(rest) is None
