"""The reading of one turn of a conversation: what it wants, and which matter is in hand after it."""

from typing import Final

from msgspec import Struct

from ion_mentoring.models.playbook.finding import SURE_FROM, Found, Offered
from ion_mentoring.models.playbook.layout.wanted import Wanted
from ion_mentoring.models.playbook.ranking import Title
from ion_mentoring.models.shape import Occasion
from ion_mentoring.understanding.turns.reader import Kind

GOES_ON: Final[tuple[Occasion, ...]] = (
    "tried", "other_way", "why", "meaning", "example", "longer", "words", "next", "yes", "no", "fact", "complaint",
)  # fmt: skip
CLEAR: Final = 0.5  # the probability from which a turn is what it seems to be
BY_THEMSELVES: Final[tuple[Occasion, ...]] = (
    "thanks", "good_news", "who", "small_talk", "unclear", "off_limits", "off_topic", "mentor", "language",
)  # fmt: skip
CORRECTIONS: Final = ("no", "complaint", "fact")  # in which a person may say what it is instead
PASSED_OVER: Final = ("off_limits", "tried", "thanks", "recall")  # in which words are spoken of, and not asked for
HARMFUL: Final = 0.7  # the probability from which words that are asked for would harm somebody
CHAT: Final = ("off_topic", "small_talk", "who")
DOUBTED: Final = ("off_topic", "small_talk")  # which a matter that is found outweighs
LOOKS_BACK: Final = 12  # turns of the person's from which the matter in hand is read
ALL_BUT_SURELY: Final = 0.9  # and from which a question about what was said, or a no, is
SURELY_ANOTHER: Final = 0.6  # the probability from which a request is about another matter
QUESTIONS: Final = ("words", "fact")  # which may be about another matter as well
FEWEST_OF_A_MATTER: Final = 2  # words of a turn that answers our question, and is about what it asks
FEW_WORDS: Final = 4  # of such a turn that is about the matter in hand
SHORT_NEWS: Final = 12  # words of a turn that tells of the matter in hand rather than of another
GLAD: Final = 0.8  # the probability from which somebody is congratulated, who would be hurt by it otherwise
CERTAIN: Final = 0.97  # the probability from which nothing outweighs what a turn seems to be
LONG: Final = 6  # words from which a turn of a conversation is chat only where that is all but certain
TELLS: Final[tuple[Kind, ...]] = ("matter", "fact", "tried", "complaint")  # the turns in which something else is told
TELLING_WORDS: Final = 5  # of such a turn, at least
IN_PASSING: Final = 0.7  # the probability from which its story is told, though another matter is in hand
RARELY_FIRST: Final = ("thanks", "good_news")  # with which a conversation begins only where they are certain
DOUBTED_AT_FIRST: Final = (*DOUBTED, "thanks", "good_news")  # and with which no conversation begins


class Step(Struct, frozen=True):
    """The reading of one turn: its kind, the situation found in it, and the matter that was in hand before."""

    kind: Kind
    found: Found | Offered | None
    earlier: Found | None
    by_itself: bool
    words: int
    probability: float
    put_right: bool = False  # the person said what it is instead
    left: Title | None = None  # the matter that the person said it was not, in so many words
    carried_on: bool = False  # it begins as one does who goes on
    asks: bool = False  # it is a short direct question, which belongs to what was said
    ruled_out: frozenset[str] = frozenset()  # the ids of the matters that the person said it was not, so far
    denies: bool = False  # it says what something is not
    withheld: bool = False  # the card's words to say are for the other side of the matter
    was_offered: bool = False  # a list of matters was shown before
    layout: Wanted | None = None  # the form in which the answer is wanted
    language: str = "en"  # in which the turn is written
    tried: tuple[str, ...] = ()  # what the person said so far that they tried in vain, and what was advised just before

    @property
    def goes_on(self) -> bool:
        """True where the turn is about the matter in hand."""
        return self.earlier is not None and self.about is self.earlier

    @property
    def about(self) -> Found | None:
        """The matter in hand after the turn."""
        return self.earlier if self._stays else self.found if isinstance(self.found, Found) else self.earlier

    @property
    def _stays(self) -> bool:
        if self.earlier is None or not isinstance(self.found, Found):
            return self.earlier is not None
        if self.by_itself or self.kind in ("shorter", "recall") or self.found.title.id == self.earlier.title.id:
            return self.found.ground != "chosen"
        if by_story(self.found):
            return True
        if self.found.ground != "said" or self.put_right or (self.kind not in GOES_ON and not self.asks):
            return False
        if self.kind in QUESTIONS:
            another = ALL_BUT_SURELY if self.carried_on or self.asks else SURELY_ANOTHER
            return self.words <= FEW_WORDS or self.found.probability < another
        short = self.words <= (FEW_WORDS if self.asks else SHORT_NEWS)
        return short or self.found.probability < ALL_BUT_SURELY


def by_story(found: Found | Offered | None) -> bool:
    """True for what its story alone tells: enough for who comes with it, and not to turn to it in a conversation."""
    return isinstance(found, Found) and found.ground == "said" and found.probability < SURE_FROM
