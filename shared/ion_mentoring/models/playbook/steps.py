"""The reading of a conversation turn by turn: what each turn wants, and which matter is in hand.

Everything follows from the messages; nothing is kept in the instance.
"""

from collections.abc import Sequence
from typing import Final, TypeGuard, cast

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.models.playbook.asking.anywhere import kind_told
from ion_mentoring.models.playbook.asking.asked import asked
from ion_mentoring.models.playbook.asking.closest import stems
from ion_mentoring.models.playbook.correcting import (
    affirmed,
    asks_for_words,
    begins_anew,
    carries_on,
    declines,
    denies,
    does_not_fit,
    rejects,
)
from ion_mentoring.models.playbook.expected.expected import EXPECTED
from ion_mentoring.models.playbook.expected.story_parts import stories_told
from ion_mentoring.models.playbook.finding import SURE_FROM, Found, Offered, find, offered_in
from ion_mentoring.models.playbook.finding import found as found_in
from ion_mentoring.models.playbook.hazards.hazards import hazard_in
from ion_mentoring.models.playbook.languages import beside_language
from ion_mentoring.models.playbook.layout.wanted import Wanted, wanted
from ion_mentoring.models.playbook.leaving import correct
from ion_mentoring.models.playbook.pushback import says_tried, tried_things
from ion_mentoring.models.playbook.ranking import Likely, Ranking, Title, load_ranking
from ion_mentoring.models.playbook.sides.sides import other_side
from ion_mentoring.models.protocol import Message
from ion_mentoring.models.shape import Occasion
from ion_mentoring.understanding.language import language_of
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
HARMFUL: Final = 0.7  # the probability from which words that are asked for would harm somebody
CHAT: Final = ("off_topic", "small_talk", "who")
DOUBTED: Final = ("off_topic", "small_talk")  # which a matter that is found outweighs
LOOKS_BACK: Final = 12  # turns of the person's from which the matter in hand is read
ALL_BUT_SURELY: Final = 0.9  # and from which a question about what was said, or a no, is
SURELY_ANOTHER: Final = 0.6  # the probability from which a request is about another matter
QUESTIONS: Final = ("words", "fact")  # which may be about another matter as well
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
        if _by_story(self.found):
            return True
        if self.found.ground != "said" or self.put_right or (self.kind not in GOES_ON and not self.asks):
            return False
        if self.kind in QUESTIONS:
            another = ALL_BUT_SURELY if self.carried_on or self.asks else SURELY_ANOTHER
            return self.words <= FEW_WORDS or self.found.probability < another
        short = self.words <= (FEW_WORDS if self.asks else SHORT_NEWS)
        return short or self.found.probability < ALL_BUT_SURELY


class StepReader:
    """Reads conversations in either language."""

    def __init__(self, turns: TurnReader) -> None:
        self._turns = turns

    def read(self, messages: Sequence[Message], ranking: Ranking) -> Step:
        """The reading of the last turn, which the ranking is for, by which matter was in hand before, and which were ruled out.

        Each turn before is read in its own language.
        """
        places = [place for place, message in enumerate(messages) if message.role == "user"]
        step: Step | None = None
        for place in places[-LOOKS_BACK:]:
            own = ranking if place == places[-1] else _own(ranking, messages[place].content)
            step = self._next(messages[: place + 1], own, own.stories.language, _retitled(step, own))
        return cast(Step, step)

    def _next(self, messages: Sequence[Message], ranking: Ranking, language: str, before: Step | None) -> Step:
        """The reading of a turn beside the layout that it asks for; where it asks for nothing else, the matter stays."""
        text = messages[-1].content
        layout = wanted(text, language)
        if layout and not layout.named and before and messages[-2].role == "assistant":
            return _same_matter(before, messages, language, layout)
        rest = layout.beside if layout and layout.beside else text
        rest = beside_language(rest) or rest
        if rest != text:
            messages = (*messages[:-1], Message("user", rest))
        step = self._step(messages, ranking, language, before)
        return replace(step, layout=layout, language=language, tried=_tried(step, before, messages, language))

    def _turn(self, messages: Sequence[Message], language: str) -> Turn:
        text = messages[-1].content
        turn, second, *_ = self._turns.read(text, language)
        if turn.kind == "thanks" and "?" in text and len(text.split()) > FEW_WORDS:
            turn = second  # "thanks, and which of the two first?" asks
        if turn.kind != "off_limits" and len(messages) > 1 and says_tried(text, language):
            return Turn("tried", CERTAIN)
        if turn.kind == "no" and _answers(messages):
            return Turn("fact", turn.probability)
        passed_over = turn.kind in PASSED_OVER and turn.probability >= (HARMFUL if turn.kind == "off_limits" else CLEAR)
        return Turn("words", CERTAIN) if not passed_over and asks_for_words(text) else turn

    def _step(self, messages: Sequence[Message], ranking: Ranking, language: str, before: Step | None) -> Step:
        """The reading of a turn; a conversation begins with a matter, if not with what stands by itself."""
        begun = any(message.role == "assistant" for message in messages)
        text, earlier = messages[-1].content, _in_hand(before, messages)
        offered = offered_in(ranking, messages)
        ruled_out = before.ruled_out if before else frozenset()
        if offered and declines(text):
            ruled_out |= {title.id for title in offered}
        turn, found = self._turn(messages, language), find(ranking, messages, ruled_out)
        words = len(text.split())
        asks = begun and words <= SHORT_NEWS and bool(asked(text, language))
        earlier = None if begun and begins_anew(text) else earlier or _passed_over(offered, found, text, turn, asks=asks)
        correction = None
        if earlier and not (isinstance(found, Found) and found.ground == "chosen"):
            correction = correct(ranking, text, earlier.title, ruled_out, says=turn.kind in CORRECTIONS)
        if correction:
            found, ruled_out = correction.found, ruled_out | {correction.title.id}
            earlier = earlier if found else None
        elif begun and not offered:
            found = _affirmed(ranking, text, found, earlier, ruled_out)
        in_passing = earlier is None or not _theme(found) or _in_passing(ranking, text, turn, found)
        if not in_passing or (asks and _says_only(found) and (_by_story(found) or not stems(text, language))):
            found = None
        withheld = before is not None and before.withheld and earlier is before.about
        side = _side(messages, found, before.about if before else None, language)
        if side and (title := next((one for one in ranking.titles if one.id == side), None)):
            found = Found(title, 1.0, "side")
        withheld = withheld or side == ""
        if danger := hazard_in(text, language):
            found, correction = Found(danger, 1.0, "danger"), None
            earlier = earlier or (before.about if before else None)
        outweighed = (
            correction is not None
            or bool(side)
            or (isinstance(found, Found) and outweighs(found, turn, begun=begun))
            or danger is not None
        )
        outweighed = outweighed or (turn.kind == "mentor" and words > SHORT_NEWS)  # somebody else may have a mentor's name
        rarely = (turn.kind in RARELY_FIRST and not begun) or (turn.kind in CHAT and begun and words >= LONG)
        least = CERTAIN if rarely else GLAD if turn.kind == "good_news" else CLEAR
        by_itself = turn.kind in BY_THEMSELVES and turn.probability >= least and not outweighed
        known = turn.probability >= CLEAR and (by_itself or begun or turn.kind == "words") and not outweighed
        return Step(
            turn.kind if known or ((correction or side) and turn.kind == "words") else "matter",
            found,
            earlier,
            by_itself,
            words,
            turn.probability,
            put_right=correction is not None,
            left=correction.title if correction and correction.said else None,
            carried_on=carries_on(text),
            asks=asks,
            ruled_out=ruled_out,
            denies=denies(text),
            withheld=withheld,
            was_offered=bool(offered) or (before is not None and before.was_offered),
        )


def _same_matter(before: Step, messages: Sequence[Message], language: str, layout: Wanted) -> Step:
    """The reading of a turn that asks for another layout and nothing else."""
    return Step(
        "longer",
        None,
        _in_hand(before, messages),
        by_itself=False,
        words=len(messages[-1].content.split()),
        probability=1.0,
        ruled_out=before.ruled_out,
        withheld=before.withheld,
        was_offered=before.was_offered,
        layout=layout,
        language=language,
        tried=before.tried,
    )


def _own(ranking: Ranking, text: str) -> Ranking:
    """The ranking of a text's own language; that of the turn after it, where it has no words."""
    language = language_of(text) if any(map(str.isalpha, text)) else ranking.stories.language
    return ranking if language == ranking.stories.language else load_ranking("ko" if language == "ko" else "en")


def _retitled(step: Step | None, ranking: Ranking) -> Step | None:
    """The reading of a turn in another language with the titles of this one."""
    if step is None or step.language == ranking.stories.language:
        return step
    earlier = _titled(step.earlier, ranking)
    found = step.found if isinstance(step.found, Offered) else _titled(step.found, ranking)
    return replace(step, earlier=earlier if step.earlier is not step.found else found, found=found)


def _titled(found: Found | None, ranking: Ranking) -> Found | None:
    if found is None:
        return None
    title = next((one for one in ranking.titles if one.id == found.title.id), found.title)
    return replace(found, title=title)


def _tried(step: Step, before: Step | None, messages: Sequence[Message], language: str) -> tuple[str, ...]:
    """All that was tried in vain after a turn: nothing of a matter that is no longer in hand."""
    if before is None:
        return ()
    earlier = before.tried if step.goes_on or step.about is None or step.by_itself else ()
    if step.kind != "tried" or messages[-2].role != "assistant":
        return earlier
    return (*earlier, *tried_things(messages[-1].content, messages[-2].content, language))


def _in_hand(before: Step | None, messages: Sequence[Message]) -> Found | None:
    """The matter in hand: the one that our last answer was prepared for, else the one of the turn before; none after a way."""
    if before is None:
        return None
    last = messages[-2].content if messages[-2].role == "assistant" else ""
    if kind_told(last, "ko") or kind_told(last, "en"):
        return None
    if isinstance(before.found, Found) and before.found.ground == "said" and _story_told(before.found, last):
        return before.found
    earlier = before.earlier
    if earlier and any(
        answer in last for turn in EXPECTED.turns(earlier.title.id) for answer in (turn.ko.answer, turn.en.answer)
    ):
        return earlier
    return before.about


def _story_told(found: Found, last: str) -> bool:
    """True where a story of a matter was answered, in either language."""
    return any(stories_told(found.title.id, language, last) for language in ("ko", "en"))


def _by_story(found: Found | Offered | None) -> bool:
    """True for what its story alone tells: enough for who comes with it, and not to turn to it in a conversation."""
    return isinstance(found, Found) and found.ground == "said" and found.probability < SURE_FROM


def _theme(found: Found | Offered | None) -> TypeGuard[Found]:
    """True for what has stories, and no card."""
    return isinstance(found, Found) and not found.title.card


def _in_passing(ranking: Ranking, text: str, turn: Turn, theme: Found) -> bool:
    """True where a story of a theme is surely told, though another matter is in hand."""
    tells = turn.kind in TELLS and len(text.split()) >= TELLING_WORDS
    return tells and ranking.told([Likely(theme.title, 1.0)], text, IN_PASSING) is not None


def _says_only(found: Found | Offered | None) -> bool:
    """True for what was found in the words alone."""
    return not isinstance(found, Found) or found.ground == "said"


def _passed_over(offered: Sequence[Title], found: Found | Offered | None, text: str, turn: Turn, *, asks: bool) -> Found | None:
    """The likeliest matter of a list, where somebody chooses none of it and goes on as if they had been understood."""
    chosen = isinstance(found, Found) and found.ground == "chosen"
    goes_on = (turn.kind in GOES_ON and turn.kind not in QUESTIONS and turn.probability >= CLEAR) or asks
    return Found(offered[0], 1.0) if offered and goes_on and not chosen and not declines(text) else None


def _affirmed(
    ranking: Ranking, text: str, found: Found | Offered | None, earlier: Found | None, ruled_out: frozenset[str]
) -> Found | Offered | None:
    """The situation of a turn, by what it says that it is, where it says what it is not, too."""
    if isinstance(found, Found) and found.ground != "said":
        return found
    if not denies(text) and (earlier or not rejects(text)):
        return found
    return found_in(ranking, affirmed(text) or (text if earlier else ""), ruled_out)


def _side(messages: Sequence[Message], found: Found | Offered | None, earlier: Found | None, language: str) -> str | None:
    """The situation of the other side of the matter that is told of, or in hand, where the words show that they stand there."""
    new = found if isinstance(found, Found) else None
    if earlier and new and new.ground == "said" and new.probability < SURELY_ANOTHER:
        new = None
    theirs = [message.content for message in messages if message.role == "user"]
    text = " ".join(theirs[-2:] if new and new.ground == "chosen" else theirs[-1:])
    matters = [matter.title.id for matter in (new, earlier) if matter]
    return next((other for matter in matters if (other := other_side(matter, text, language)) is not None), None)


def _answers(messages: Sequence[Message]) -> bool:
    """True for a no that answers our question, and does not say that something would not do."""
    asked_back = len(messages) > 1 and messages[-2].role == "assistant" and messages[-2].content.rstrip().endswith("?")
    return asked_back and len(messages[-1].content.split()) > 1 and not does_not_fit(messages[-1].content)


def outweighs(found: Found, turn: Turn, *, begun: bool) -> bool:
    """True where a matter that was found counts for more than what the turn seems to be."""
    if turn.kind in (DOUBTED if begun else DOUBTED_AT_FIRST):
        return True
    return not begun and found.probability >= SURELY_ANOTHER and turn.probability < CERTAIN
