"""Answers to who pushes back: the next different way after what was tried, and the reasons for what was advised."""

from collections.abc import Iterator
from typing import Final

from ion_mentoring.models.playbook.correcting import asks_for_words
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.laying import Laying
from ion_mentoring.models.playbook.pushback import doubts, other_ways, pushback, says_words_failed
from ion_mentoring.models.playbook.reply import FOLLOW_UPS, Reply
from ion_mentoring.models.shape import Move

REASONS: Final[tuple[Move, ...]] = ("insight", "pattern")


class Holding(Laying, frozen=True):
    """One turn, with the answers to who pushes back."""

    def tried(self, about: Found) -> Reply:
        """The next different way of the matter, or of any, now that one was tried; at last the truth, and a question."""
        texts, teller = pushback(), self.teller
        counsel = self.counsel(about) if about.title.card else None
        name = teller.out.name_of(counsel.options, self.prompt.question) if counsel else None
        named = next(
            (
                one
                for text in texts.out_named.in_(self.language)
                if (one := text.replace("{name}", name or "")) not in teller.said
            ),
            None,
        )
        out = (named if name else None) or teller.occasion("tried") or teller.fresh(texts.out.in_(self.language))
        way = FOLLOW_UPS["tried"]
        begun = counsel is not None and any(
            one in teller.said for one in counsel.steps
        )  # what follows a step that was tried is no other way
        card = self.moves([one for one in way.moves if not (begun and one == "step")], way.most, counsel) if counsel else []
        ways = (one for one in self._other_ways() if not teller.out.has(one))
        anywhere = [("other_way", one) for one in ways][:1]
        told = anywhere or card if self._of_words else card or anywhere
        if told:
            card_asks = counsel and told != anywhere
            question = (
                teller.move("question", counsel)
                if card_asks and counsel
                else teller.fresh(texts.opens_another.in_(self.language))
            )
            return self.said([("tried", out), *told, ("question", question)], about)
        asks = teller.fresh(texts.opens_another.in_(self.language)) or teller.occasion("ask") or teller.always("unclear")
        return self.said([("tried", out), ("spent", teller.fresh(texts.no_more.in_(self.language))), ("ask", asks)], about)

    @property
    def _of_words(self) -> bool:
        """True where words to somebody were tried: what is missing then is another way to reach that person."""
        theirs = [message.content for message in self.prompt.messages if message.role == "user"]
        return says_words_failed(theirs[-1], self.step.language) or any(map(asks_for_words, theirs[-2:-1]))

    def tried_anywhere(self) -> Reply | None:
        """Another kind of way where no matter is in hand and one that we told was tried; None where it was not."""
        step, teller = self.step, self.teller
        if step.kind != "tried" or step.earlier is not None or not step.tried:
            return None
        texts = pushback()
        way = next(self._other_ways(), None) or teller.fresh(texts.no_more.in_(self.language))
        asks = teller.fresh(texts.opens_another.in_(self.language))
        out = teller.occasion("tried") or teller.fresh(texts.out.in_(self.language))
        return self.said([("tried", out), ("other_way", way), ("question", asks)])

    def _other_ways(self) -> Iterator[str]:
        """The ways of another kind than what was tried so far that were not said."""
        tried = (*self.step.tried, self.prompt.question)
        return (one for one in other_ways(tried, self.language) if one not in self.teller.said)

    def reasons(self) -> Reply | None:
        """The reasons for what was advised, and how sure it is; None where nobody doubts it, or all of that was said."""
        about, teller = self.step.earlier, self.teller
        if about is None or not doubts(self.prompt.question, self.step.language):
            return None
        counsel = self.counsel(about) if about.title.card else None
        why = self.moves(REASONS, 1, counsel) if counsel else []
        measure = self.moves(("measure",), 1, counsel) if counsel else []
        sure = teller.fresh(pushback().sure.in_(self.language))
        opens = teller.occasion("why") if why else None
        return self.said([("why", opens), *why, ("sure", sure), *measure], about) if sure else None
