"""The reading of a conversation turn by turn: what each turn wants, and which matter is in hand.

Everything follows from the messages; nothing is kept in the instance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ion_mentoring.models.playbook.asking.asked import asked
from ion_mentoring.models.playbook.correcting import asks_for_words, begins_anew, carries_on, corrected
from ion_mentoring.models.playbook.finding import Found, Offered, find
from ion_mentoring.models.playbook.finding import found as found_in
from ion_mentoring.models.playbook.ranking import Ranking
from ion_mentoring.models.protocol import Message
from ion_mentoring.models.shape import Occasion
from ion_mentoring.understanding.turns.reader import Kind, Turn, TurnReader

GOES_ON: Final[tuple[Occasion, ...]] = (
    "tried", "other_way", "why", "meaning", "example", "longer", "words", "next", "yes", "no", "fact", "complaint",
)  # fmt: skip
CLEAR: Final = 0.5  # the probability from which a turn is what it seems to be
BY_THEMSELVES: Final[tuple[Occasion, ...]] = (
    "thanks", "good_news", "who", "small_talk", "unclear", "off_limits", "off_topic", "mentor", "language",
)  # fmt: skip
CORRECTIONS: Final = ("no", "complaint", "fact")  # in which a person may say what it is instead
PASSED_OVER: Final = ("off_limits", "tried", "thanks", "recall")  # in which words are spoken of, and not asked for
CHAT: Final = ("off_topic", "small_talk", "who")
DOUBTED: Final = ("off_topic", "small_talk")  # which a matter that is found outweighs
LOOKS_BACK: Final = 12  # turns of the person's from which the matter in hand is read
ALL_BUT_SURELY: Final = 0.9  # and from which a question about what was said, or a no, is
SURELY_ANOTHER: Final = 0.6  # the probability from which a request is about another matter
QUESTIONS: Final = ("words", "fact")  # which may be about another matter as well
FEW_WORDS: Final = 4  # of such a turn that is about the matter in hand
SHORT_NEWS: Final = 12  # words of a turn that tells of the matter in hand rather than of another
CERTAIN: Final = 0.97  # the probability from which nothing outweighs what a turn seems to be
LONG: Final = 6  # words from which a turn of a conversation is chat only where that is all but certain
RARELY_FIRST: Final = ("thanks", "good_news")  # with which a conversation begins only where they are certain
DOUBTED_AT_FIRST: Final = (*DOUBTED, "thanks", "good_news")  # and with which no conversation begins


@dataclass(frozen=True, slots=True)
class Step:
    """The reading of one turn: its kind, the situation found in it, and the matter that was in hand before."""

    kind: Kind
    found: Found | Offered | None
    earlier: Found | None
    by_itself: bool
    words: int
    probability: float
    put_right: bool = False  # the person said that it was something else, and what
    carried_on: bool = False  # it begins as one does who goes on
    asks: bool = False  # it is a short direct question, which belongs to what was said

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
        if self.found.ground == "chosen" or self.put_right or (self.kind not in GOES_ON and not self.asks):
            return False
        if self.kind in QUESTIONS:
            another = ALL_BUT_SURELY if self.carried_on else SURELY_ANOTHER
            return self.words <= FEW_WORDS or self.found.probability < another
        return self.words <= SHORT_NEWS or self.found.probability < ALL_BUT_SURELY


class StepReader:
    """Reads conversations in either language."""

    def __init__(self, turns: TurnReader) -> None:
        self._turns = turns

    def read(self, messages: Sequence[Message], ranking: Ranking, language: str) -> Step:
        """The reading of the last turn, by which matter was in hand before it."""
        places = [place for place, message in enumerate(messages) if message.role == "user"]
        first, *later = places[-LOOKS_BACK:]
        step = self._step(messages[: first + 1], ranking, language, None)
        for place in later:
            step = self._step(messages[: place + 1], ranking, language, step.about)
        return step

    def _turn(self, text: str, language: str) -> Turn:
        turn = self._turns.read(text, language)[0]
        passed_over = turn.kind in PASSED_OVER and turn.probability >= CLEAR
        return Turn("words", CERTAIN) if not passed_over and asks_for_words(text) else turn

    def _step(self, messages: Sequence[Message], ranking: Ranking, language: str, earlier: Found | None) -> Step:
        """The reading of a turn; a conversation begins with a matter, if not with what stands by itself."""
        begun = any(message.role == "assistant" for message in messages)
        text = messages[-1].content
        turn, found = self._turn(text, language), find(ranking, messages)
        words, put_right = len(text.split()), False
        if begun and begins_anew(text):
            earlier = None
        elif earlier and turn.kind in CORRECTIONS and (meant := corrected(text)):
            found, put_right = found_in(ranking, meant, without=earlier.title), True
        outweighed = isinstance(found, Found) and outweighs(found, turn, begun=begun)
        outweighed = outweighed or (turn.kind == "mentor" and words > SHORT_NEWS)  # somebody else may have a mentor's name
        rarely = (turn.kind in RARELY_FIRST and not begun) or (turn.kind in CHAT and begun and words >= LONG)
        least = CERTAIN if rarely else CLEAR
        by_itself = turn.kind in BY_THEMSELVES and turn.probability >= least and not outweighed
        known = turn.probability >= CLEAR and (by_itself or begun or turn.kind == "words") and not outweighed
        asks = begun and words <= SHORT_NEWS and bool(asked(text, language))
        return Step(
            turn.kind if known else "matter",
            found,
            earlier,
            by_itself,
            words,
            turn.probability,
            put_right,
            carries_on(text),
            asks,
        )


def outweighs(found: Found, turn: Turn, *, begun: bool) -> bool:
    """True where a matter that was found counts for more than what the turn seems to be."""
    if turn.kind in (DOUBTED if begun else DOUBTED_AT_FIRST):
        return True
    return not begun and found.probability >= SURELY_ANOTHER and turn.probability < CERTAIN
