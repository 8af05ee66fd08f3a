"""Ways of going about a request that no matter fits: the first, the next one when the person goes on, and then no more."""

from typing import Final

from ion_mentoring.models.playbook.asking.anywhere import Kind, heavy, kind_told, kinds_in
from ion_mentoring.models.playbook.asking.asked import Form
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.reply import Reply
from ion_mentoring.models.playbook.saying import Saying
from ion_mentoring.models.playbook.step import ALL_BUT_SURELY, FEW_WORDS, SHORT_NEWS
from ion_mentoring.understanding.turns.reader import Kind as TurnKind

BEFORE: Final[frozenset[Form]] = frozenset({"lawful", "normal", "their_way", "risk", "too_late", "what_if"})  # answered before
NO_WAY: Final[frozenset[TurnKind]] = frozenset(  # the turns that want something else
    {"off_limits", "off_topic", "thanks", "small_talk", "mentor", "language", "who", "recall", "shorter", "meaning", "no"}
)
WEAK: Final = 0.5  # the probability of a list below which the form of a request tells more


class Ways(Saying, frozen=True):
    """One turn, with the ways of going about what it asks."""

    def goes_on(self) -> Reply | None:
        """The next way for who answers our question in a few words; None where another matter is surely told."""
        step, found = self.step, self.step.found
        sure = step.words > FEW_WORDS and isinstance(found, Found) and found.probability >= ALL_BUT_SURELY
        another = sure or (isinstance(found, Found) and found.ground != "said")
        short = not step.by_itself and step.earlier is None and step.words <= SHORT_NEWS
        return self.way(on=True) if short and not self.words and not another and self._told() else None

    def in_place_of_list(self, probability: float, forms: tuple[Form, ...]) -> Reply | None:
        """A way in place of a list of matters with this probability in [0, 1]; None where it is no weak guess."""
        return self.way(near=True) if probability < WEAK and not BEFORE.intersection(forms) else None

    def where_nothing_fits(self, forms: tuple[Form, ...]) -> Reply | None:
        """A way in place of an answer that holds anywhere; words to say go before most. None where none is known."""
        if BEFORE.intersection(forms):
            return None
        if self.kind == "words":
            return self.way(over_words=True) or self.begin_with(asks=False) or self.way(on=True)
        return self.way(on=True) if self.step.words <= SHORT_NEWS else self.way()

    def way(self, *, over_words: bool = False, on: bool = False, near: bool = False) -> Reply | None:
        """A way of going about a request, and a question; None where it is of no kind, sad, or all was said.

        `over_words` keeps to the kinds that go before words to say. `on` takes up the kind that was answered last. Where a list
        of matters is `near`, what holds for any request is not said.
        """
        if self.kind in NO_WAY or self._heavy:
            return None
        last = self._told() if on else None
        kinds = [*kinds_in(self.prompt.question, self.language)] or ([last] if last else [])
        known = [one for one in kinds if one.over_words >= over_words and not (near and one.general)]
        fresh = ((one, way) for one in known for way in one.ways.in_(self.language) if way not in self.teller.said)
        kind, way = next(fresh, (None, ""))
        if kind is None:
            spent = self.teller.occasion("spent") if last in known else None
            return self.said([("spent", spent), ("ask", self.teller.occasion("ask"))]) if spent else None
        lead = None if self._said_of(kind) else self.teller.occasion("anywhere")
        asks = self.teller.fresh(kind.asks.in_(self.language)) or self.teller.occasion("ask")
        return self.said([("anywhere", f"{lead} {way}" if lead else way), ("question", asks)])

    @property
    def _heavy(self) -> bool:
        """True where somebody is sad, or told of what is: they are listened to."""
        theirs = (message.content for message in self.prompt.messages if message.role == "user")
        return bool(self.prompt.feeling) or any(heavy(text, self.language) for text in theirs)

    def _told(self) -> Kind | None:
        """The kind that our last answer was about."""
        before = self.prompt.messages[-2:-1]
        return kind_told(before[0].content, self.language) if before and before[0].role == "assistant" else None

    def _said_of(self, kind: Kind) -> bool:
        return any(way in self.teller.said for way in kind.ways.in_(self.language))
