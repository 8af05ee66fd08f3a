"""Answers in the form that was asked for, the same in another language, and what a second mentor adds to the first."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ion_mentoring.models.playbook.asking.anywhere import kind_told
from ion_mentoring.models.playbook.expected.expected import EXPECTED
from ion_mentoring.models.playbook.expected.story_parts import parted
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.layout.items import sentences, set_as, told_in
from ion_mentoring.models.playbook.layout.wanted import Layout, Wanted, layout_book, length_wanted
from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.reply import Reply
from ion_mentoring.models.playbook.situation import Counsel
from ion_mentoring.models.playbook.story import SURE
from ion_mentoring.models.playbook.telling import bullets, first_sentence
from ion_mentoring.models.playbook.ways import Ways
from ion_mentoring.models.shape import MOVES, Move

FEWEST: Final = 3  # items of a list, where there are as many
MOST: Final = 8
AFTER_STEPS: Final[tuple[Move, ...]] = ("measure", "trap", "people")  # where more items are wanted than there are steps
SHORTEST: Final = 40  # characters of a paragraph that says something
SHORT: Final = 2  # sentences of a short answer
LONGER: Final[tuple[Move, ...]] = ("pattern", "options", "trap")  # what goes along with a list that is to be longer
FOR_SENTENCE: Final[tuple[Move, ...]] = ("step", "insight")
BODY: Final = ("expected", "in_return", "anywhere")  # the parts of a reply that are whole answers
NO_LIST: Final = (
    "which_one",
    "off_topic",
    "to_whom",
    "composed",
    "begin_with",
    "left",
    "nothing_fits",
    "language",
    "who",
    "unclear",
)
NO_SECOND: Final = (*NO_LIST, "thanks", "good_news", "small_talk", "off_limits", "mentor", "recall", "shorter", "light")
REMARKS: Final[tuple[Move, ...]] = ("trap", "people", "insight", "pattern")  # of a card, which are nothing to do
LISTED: Final = ("step", "option", "expected")  # what stands in lists
LISTS: Final = re.compile(r"^(?:1\. |- )", re.MULTILINE)
ADVISES: Final[tuple[Move, ...]] = tuple(move for move in MOVES if move not in ("acknowledge", "question", "steps", "options"))


class Laying(Ways, frozen=True):
    """One turn, with the answers that its form asks for."""

    def laid_again(self, asked: Wanted) -> Reply | None:
        """Texts of the matter in hand, or those that were said, in the form that a turn asks for; None where none are."""
        about = self.step.earlier
        said = self._advised(about, whole=asked.whole)
        if len(said) < FEWEST and asked.layout not in ("compared", "sentence"):
            said = self._advised(about, whole=True) or said
        if asked.layout in ("todo", "checklist", "steps"):
            said = self._to_do(about, said)
        if asked.again and said:
            return self._set(asked.layout, said[: asked.count or MOST], "again", about)
        fresh = self._fresh(about, asked) if about else []
        if len(fresh) < FEWEST and asked.layout not in ("compared", "sentence"):
            said = self._advised(about, whole=True)
            fresh, how = (said[: asked.count or MOST], "again") if len(said) > len(fresh) else (fresh, "")
            return self._set(asked.layout, fresh, how, about) if fresh else None
        longer = self.moves(("pattern", "trap"), 2, self.counsel(about)) if asked.longer and about and about.title.card else []
        return self._set(asked.layout, fresh or said, "" if fresh else "again", about, longer) if fresh or said else None

    def laid_out(self, reply: Reply, asked: Wanted) -> Reply:
        """A reply in the form that was asked for along with its matter; as it is where it answers nothing."""
        about = self.step.about
        if not reply.plan or reply.plan[0] in NO_LIST or reply.offered:
            return reply
        items = [one for name, text in reply.parts if name in BODY for one in sentences(text)] or self._another_story(asked)
        question = [part for part in reply.parts if part[0] == "question"][:1]
        if about and (not items or asked.layout == "compared"):
            items = self._fresh(about, asked) or items
        elif about and asked.count:
            items += self._fresh(about, asked)
        elif about and len(items) < FEWEST:
            items += self._fresh(about, asked)[: FEWEST - len(items)]
        if len(items) > 1 or asked.layout == "sentence" or not about:
            return self._set(asked.layout, items[: asked.count or MOST], "", about, question) if items else reply
        said = self._advised(about, whole=True)
        return self._set(asked.layout, said[: asked.count or MOST], "again", about) if len(said) > 1 else reply

    def _another_story(self, asked: Wanted) -> list[str]:
        """The sentences of the answer to another story of the theme in hand, which is nearest to what is asked."""
        about = self.step.earlier if self.step.goes_on else None
        meant = OPENINGS.nearest(about.title.id, asked.beside, self.language) if about and not about.title.card else None
        if meant is None or meant.probability < SURE:
            return []
        body = parted(meant.turn.in_(self.language).answer)[0]
        return [] if body in self.teller.said else sentences(body)

    def sized(self, reply: Reply) -> Reply:
        """The first answer to a matter, as short or as long as it is asked for."""
        about = self.step.about
        length = length_wanted(self.prompt.question, self.step.language)
        if length is None or about is None or self.step.goes_on or not reply.parts or reply.plan[0] in NO_LIST:
            return reply
        if length == "long":
            more = (
                self.moves([one for one in LONGER if one not in reply.plan], len(LONGER), self.counsel(about))
                if about.title.card
                else []
            )
            asks = [part for part in reply.parts if part[0] == "question"]
            return self.said([*(part for part in reply.parts if part[0] != "question"), *more, *asks], about)
        short = [(name, " ".join(sentences(text)[:SHORT])) for name, text in reply.parts if name in (*BODY, "answer")][:1]
        if not short and about.title.card:
            counsel = self.counsel(about)
            short = [("insight", sentences(counsel.insight)[0]), ("step", counsel.steps[0])]
        return self.said(short, about) if short else reply

    def second(self, reply: Reply) -> Reply:
        """The words that a mentor adds who hears the answer of another to the same question; openings were said there."""
        about, book = self.step.about, layout_book()
        if not reply.plan or reply.plan[0] in NO_SECOND or reply.offered or (self.light and not reply.parts):
            return reply
        told = [part for part in reply.parts if part[0] in MOVES or part[0] in (*BODY, "list", "sure", "other_way")]
        if any(name != "question" for name, _ in told):
            opens = self.teller.fresh(book.second.in_(self.language))
            return self.said([("second", opens), *(part for part in told if part[0] != "acknowledge")], about)
        nothing = self.teller.fresh(book.nothing_to_add.in_(self.language))
        return self.said([("spent", nothing or self.teller.always("spent")), *told[:1]], about)

    def in_language(self) -> Reply | None:
        """The last advice in the language that is asked for; None where nothing was, or only in it."""
        about, other = self.step.earlier, "en" if self.language == "ko" else "ko"
        last = next((one.content for one in reversed(self.prompt.messages) if one.role == "assistant"), "")
        pairs = [*self._pairs(about, other)] if about and last else []
        if self.light:
            pairs = [(name, first_sentence(theirs), ours) for name, theirs, ours in pairs]
        own = {theirs: (name, ours) for name, theirs, ours in pairs}
        told = [own[text] for text in told_in(last, own)]
        if not told:
            return None
        if self.light:
            return Reply(bullets(text for _, text in told), (about.title.id,) if about else (), plan=("language", "list"))
        listed = [text for name, text in told if name in LISTED] if LISTS.search(last) else []
        items = [one for text in listed for one in (sentences(text) if text not in self._steps(about) else [text])]
        layout: Layout = "steps" if "\n1. " in last else "points"
        lists = [("list", set_as(layout, items))] if items else []
        lines = [(name, self._in_line(name, text)) for name, text in told if text not in listed]
        return self.said([("language", self.prompt.shape.turns["language"].in_(self.language)[0]), *lists, *lines], about)

    def _steps(self, about: Found | None) -> tuple[str, ...]:
        return self.counsel(about).steps if about and about.title.card else ()

    def _in_line(self, name: str, text: str) -> str:
        return next((self.teller.line(move, text) for move in MOVES if move == name), text)

    def _pairs(self, about: Found, other: str) -> Iterable[tuple[str, str, str]]:
        """Everything that a matter has to say, by its move: in the other language, and in that of the answer."""
        for turns, cut in ((OPENINGS.turns(about.title.id), True), (EXPECTED.turns(about.title.id), False)):
            for turn in turns:
                theirs, ours = turn.in_(other).answer, turn.in_(self.language).answer
                yield ("expected", parted(theirs)[0], parted(ours)[0]) if cut else ("expected", theirs, ours)
        if about.title.card:
            card, own_card = self.counsel_in(about, other), self.counsel(about)
            for move in ADVISES:
                pairs = zip(texts_of(card, move), texts_of(own_card, move), strict=True)
                yield from ((move, one, own) for one, own in pairs)

    def _advised(self, about: Found | None, *, whole: bool) -> list[str]:
        """The sentences that were advised last, or so far; of what we do not know as such those that ask nothing."""
        messages = [one.content for one in self.prompt.messages if one.role == "assistant"]
        known = [text for _, text, _ in self._pairs(about, self.language)] if about else []
        found: list[str] = []
        for message in reversed(messages):
            told = told_in(message, known) or (
                [way for way in kind.ways.in_(self.language) if way in message]
                if (kind := kind_told(message, self.language))
                else []
            )
            found = [*(told or (self._paragraphs(message) if whole or about is None else [])), *found]
            if found and not whole:
                break
        steps, texts = self._steps(about), [*dict.fromkeys(found)]
        items = [one for text in texts for one in ([text] if text in steps else sentences(text))]
        if whole and len(items) > MOST:
            items = [one for text in texts for one in sentences(text)[: max(1, MOST // len(texts))]]
        return [*dict.fromkeys(items)]

    def _to_do(self, about: Found | None, said: Sequence[str]) -> list[str]:
        """Those of the sentences that are no remarks of the card, where enough are left."""
        if about is None or not about.title.card:
            return [*said]
        counsel = self.counsel(about)
        remarks = {one for move in REMARKS for text in texts_of(counsel, move) for one in sentences(text)}
        left = [one for one in said if one not in remarks]
        return left if len(left) >= FEWEST else [*said]

    def _paragraphs(self, message: str) -> list[str]:
        """Those of a message that ask nothing and are no words around: what was said where no card says which it was."""
        shape, own = self.prompt.shape, self.language
        turns = {text for one in shape.turns.values() for text in one.in_(own)}
        around = turns | {one.in_(own) for one in shape.opening.values()}
        leads = [line.partition("{text}")[0] for one in shape.lines.values() for line in one.in_(own)]
        told = [text for text in message.split("\n\n") if text not in around and not LISTS.search(text)]
        bare = [text.removeprefix(max((one for one in leads if text.startswith(one)), key=len, default="")) for text in told]
        return [*dict.fromkeys(text for text in bare if len(text) >= SHORTEST and not text.rstrip().endswith("?"))]

    def _fresh(self, about: Found, asked: Wanted) -> list[str]:
        """The texts of a matter's card for a form that were not said."""
        if not about.title.card:
            return []
        counsel, teller = self.counsel(about), self.teller
        if asked.layout == "compared":
            return [*counsel.options, *teller.left("measure", counsel)]
        if asked.layout == "sentence":
            return [one for move in FOR_SENTENCE for text in teller.left(move, counsel) for one in sentences(text)[:1]][:1]
        steps = teller.left("step", counsel)
        others = [text for move in AFTER_STEPS for text in teller.left(move, counsel)]
        return [*steps, *others][: asked.count or max(FEWEST, len(steps))]

    def _set(
        self, layout: Layout, items: Sequence[str], how: str, about: Found | None, after: Sequence[tuple[str, str]] = ()
    ) -> Reply:
        """The items in a form, with a word before and parts after; the first one alone, where one sentence is wanted."""
        topics = (about.title.id,) if about else ()
        if layout == "sentence":
            return Reply(items[0], topics, plan=("list",), parts=(("list", items[0]),))
        if self.light:
            return Reply(bullets(items), topics, plan=("again" if how else "list",))
        leads = layout_book().leads
        lead = self.teller.fresh(leads["again" if how else layout].in_(self.language))
        text = "\n".join(part for part in (lead, set_as(layout, items)) if part)
        return self.said([("again" if how else "list", text), *after], about)


def texts_of(counsel: Counsel, move: Move) -> tuple[str, ...]:
    """All texts that a situation has for a move."""
    match move:
        case "step":
            return counsel.steps
        case "option":
            return counsel.options
        case _:
            return (str(getattr(counsel, move)),)
