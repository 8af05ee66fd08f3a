"""The reply to one turn: what the turn wants, which moves fit and were not made before, in the persona's words."""

from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.playbook.answering import Wanted, expected_answer
from ion_mentoring.models.playbook.asides.asides import aside_to, greets
from ion_mentoring.models.playbook.asking.answers import answer_to
from ion_mentoring.models.playbook.asking.asked import Form, asked
from ion_mentoring.models.playbook.asking.planning import AnswerPlan, alone, plan
from ion_mentoring.models.playbook.asking.replies import replies
from ion_mentoring.models.playbook.correcting import asks_for_words
from ion_mentoring.models.playbook.expected.story_parts import story_parts, told_before
from ion_mentoring.models.playbook.finding import Found, Offered
from ion_mentoring.models.playbook.holding import Holding
from ion_mentoring.models.playbook.leaving import leaving_texts
from ion_mentoring.models.playbook.naming import named
from ion_mentoring.models.playbook.offer import listed
from ion_mentoring.models.playbook.ranking import Title
from ion_mentoring.models.playbook.reply import FOLLOW_UPS, Reply
from ion_mentoring.models.playbook.situation import load_topic
from ion_mentoring.models.playbook.step import CERTAIN, FEW_WORDS, SHORT_NEWS
from ion_mentoring.models.playbook.story import story_answer
from ion_mentoring.models.playbook.telling import bullets, light, sentences
from ion_mentoring.models.shape import Move, Occasion
from ion_mentoring.understanding.resonance.key import Pace, Tone

MOVES_AT: Final = {Pace.BURST: 2, Pace.FLOWING: 3, Pace.MEDIUM: 3, Pace.CONTEMPLATIVE: 4}
MOST_CHARACTERS: Final = {"ko": 380, "en": 640}  # from which on no further move is made, before the question
MOST_WORDS: Final = 30  # of a turn that asks for words to say and says which
OFFERED_LATER: Final = 0.35  # the probability from which a conversation that has begun is asked which of a few is meant
HEAVY: Final = (Tone.FRUSTRATED, Tone.ANXIOUS, Tone.CONFUSED)  # the tones in which no good news are told
NOT_ANSWERED: Final = (  # the turns that want something else than the answer to a question, though they may ask one
    "off_limits", "language", "recall", "mentor", "who", "choice",
)  # fmt: skip
IN_FORM: Final = (  # the turns that are told by words that a question may have, too
    "shorter", "longer", "example", "meaning", "why", "next",
)  # fmt: skip
OF_FORM: Final[tuple[Form, ...]] = ("how", "confirm", "which")  # the questions that may be about the form
UNHEARD: Final = ("off_limits", "language", "recall", "mentor")  # in which nobody's answer is prepared for
OUTWEIGHED: Final = ("thanks", "good_news", "small_talk", "unclear")  # by a direct question
AT_ONCE: Final[tuple[Form, ...]] = (  # the questions that are answered when a matter is told, before anything else
    "should", "may", "which", "normal", "their_way", "lawful", "entitled", "risk", "too_late", "possible", "tell_which",
)  # fmt: skip


class TurnReply(Holding, frozen=True):
    """The reply to one turn, by what the turn wants."""

    def reply(self) -> Reply:
        """The reply, by what the turn wants."""
        return self._beside() or self._laid() or self.sized(self._wanted())

    def _laid(self) -> Reply | None:
        """The reply in the form that the turn asks for; None where it asks for none, or for words to say."""
        asked = self.step.layout
        if asked is None or self.words or (self.kind in UNHEARD and self.step.by_itself):
            return None
        if not asked.named and self.teller.said and (again := self.laid_again(asked)):
            return again
        return self.laid_out(self._wanted(), asked)

    def _beside(self) -> Reply | None:
        """The answer to what is no mentor's matter; None where it is one."""
        says = aside_to(self.prompt.question, self.language)
        calls = self.kind == "mentor" and self.step.by_itself
        if not says or calls or (isinstance(self.step.found, Found) and self.step.found.ground == "danger"):
            return None
        return self.said([("off_topic", next((text for text in says if text not in self.teller.said), says[-1]))])

    def _wanted(self) -> Reply:
        step, forms = self.step, asked(self.prompt.question, self.step.language)
        if told := self._met() or self._expected(forms) or self._in_return(forms) or self._story(forms):
            return told
        spoken = self.words and not step.left and self.words not in self.teller.said
        if self.words and spoken and step.words <= MOST_WORDS:
            return self._spoken(self.words, forms)
        anywhere, forms = forms if step.kind == "next" else (), self._answerable(forms)
        if step.by_itself and not (forms and step.kind in OUTWEIGHED) and not self._doubtful_news:
            return self._by_itself(step.kind)  # type: ignore[arg-type]
        if step.left and not step.found:
            return self._left(step.left, forms)
        if isinstance(step.found, Found) and not step.goes_on:
            return self._first(step.found, forms)
        if isinstance(step.found, Offered) and self._may_be(step.found):
            return self.in_place_of_list(step.found.probability, forms) or self._offer(step.found)
        return self._later(step.earlier, forms) if step.earlier else self._nothing(forms or anywhere)

    def _met(self) -> Reply | None:
        """The answer to who doubts, tried in vain what holds anywhere, or goes on with that; None where nobody does."""
        reasons = self.reasons() if self.step.earlier and self.step.goes_on else None
        return reasons or self.tried_anywhere() or self.goes_on()

    def _expected(self, forms: tuple[Form, ...]) -> Reply | None:
        """The answer to a turn that is expected in the matter in hand; None where it is another one."""
        question, said = self.prompt.question, [one.content for one in self.prompt.messages if one.role == "assistant"]
        says = "what_if" in forms or (self.words and asks_for_words(question))
        wants: Wanted | None = "words" if says else "answer" if self.words or forms else None
        answer = expected_answer(self.step, question, self.language, said, wants)
        return self.said([("expected", answer)], self.step.earlier) if answer else None

    def _story(self, forms: tuple[Form, ...]) -> Reply | None:
        """The answer to the story in which the person comes with a matter; None where it is one that nobody wrote down."""
        found, prompt = self.step.found, self.prompt
        if not isinstance(found, Found) or (self.light and found.title.card):
            return None
        texts = [message.content for message in prompt.messages if message.role == "user"]
        answer = story_answer(self.step, texts, self.language, self.teller.said)
        if answer is None:
            return None
        if self.light:
            return Reply(bullets(sentences(answer)), (found.title.id,), plan=("light",))
        if self.step.goes_on:
            return self.said([("expected", answer)], found)
        opening = None if forms and not self.step.left else self.opening(found.title)
        counsel = self.counsel(found) if found.title.card else None
        parts = story_parts(
            answer, self.prompt.shape.plans[self.intent], prompt.key.pace, counsel, self.teller, direct=bool(forms)
        )
        return self.said([*([opening] if opening and opening[0] != "quote" else []), *parts], found)

    def _answerable(self, forms: tuple[Form, ...]) -> tuple[Form, ...]:
        """The questions that want an answer rather than words to say, or the same in another form."""
        if self.kind in NOT_ANSWERED or (self.kind == "words" and asks_for_words(self.prompt.question)):
            return ()
        return tuple(form for form in forms if form not in OF_FORM) if self.kind in IN_FORM else forms

    @property
    def _doubtful_news(self) -> bool:
        """True for good news that are not certain, of a person who sounds as if nothing were good."""
        heavy = "tone" not in self.prompt.unknown and self.prompt.key.tone in HEAVY
        return self.kind == "good_news" and self.step.probability < CERTAIN and heavy

    def _may_be(self, few: Offered) -> bool:
        """True where one of a few matters is asked about: once in a conversation, and later only where it may well be one."""
        step, begun = self.step, bool(self.teller.said)
        if step.earlier or step.was_offered or step.asks or self.kind not in (("matter",) if begun else ("matter", "words")):
            return False
        return not begun or few.probability >= OFFERED_LATER

    def _in_return(self, forms: tuple[Form, ...]) -> Reply | None:
        """Words for what somebody else may answer; None where nobody asks for them, or they were given."""
        whole_story = not self.teller.said and self.step.words > SHORT_NEWS  # in which what somebody may answer stands beside
        if "what_if" not in forms or self.step.kind in UNHEARD or whole_story:
            return None
        fresh = (one for one in replies(self.prompt.question, self.language) if one[1] not in self.teller.said)
        first, words, after = next(fresh, ("", "", ""))
        return self.said([("in_return", f"{first} “{words}”"), ("and_then", after)], self.step.about) if words else None

    def _spoken(self, words: str, forms: tuple[Form, ...]) -> Reply:
        """The words that were asked for, about the matter in hand where there is one; a yes first, where one was asked for."""
        teller = self.teller
        may = answer_to("may") if "may" in forms else None
        yes = teller.fresh(may.heads.in_(self.language)) if may else None
        before = ("answer", yes) if yes else ("words", teller.occasion("words"))
        parts = [before, ("composed", teller.line("message", words)), ("and_then", teller.occasion("and_then"))]
        return self.said(parts, self.step.about)

    def _by_itself(self, kind: Occasion) -> Reply:
        texts = self.prompt.shape.turns[kind].in_(self.language)
        if kind == "language" and (told := self.in_language()):
            return told
        if kind == "mentor":
            return self._handed_over(texts)
        greeted = greets(self.prompt.question, self.step.language) and not self.teller.said
        chat = kind == "small_talk" and not greeted  # nobody is greeted anew, or who did not greet
        fresh = (one for one in (texts[1:] if chat else texts) if one not in self.teller.said)
        text = next(fresh, texts[-1])
        return self.said([(kind, text)])

    def _handed_over(self, texts: Sequence[str]) -> Reply:
        """Another mentor, or the choice of one; who takes over a matter says something to it at once."""
        if not named(self.prompt.question):
            return self.said([("mentor", texts[0])])
        about = self.step.earlier
        counsel = self.counsel(about) if about and about.title.card else None
        moves = self.moves(("option", "insight", "step", "people"), 1, counsel) if counsel else []
        return self.said([("mentor", texts[-1]), *moves], about)

    def _first(self, found: Found, forms: tuple[Form, ...]) -> Reply:
        """The first answer to a matter."""
        if not found.title.card:
            return self._without_card(found, forms)
        counsel = self.counsel(found)
        if found.ground == "danger":
            return self._endangered(found, forms)
        if self.light:
            return Reply(light(counsel, self.prompt.shape, self.language), (found.title.id,), plan=("light",))
        moves = self.prompt.shape.plans[self.intent]
        if self.kind == "words":
            moves = ("message", *(move for move in moves if move != "message"))
        most, at_once = MOVES_AT[self.prompt.key.pace], tuple(form for form in forms if form in AT_ONCE)
        if answer := plan(at_once, self.prompt.question, counsel, self.teller):
            moves, most = (*answer.moves, *moves), max(most, answer.most)
            return self._answered(answer, moves, most, found, asks="options" not in answer.moves)
        general = alone(at_once, self.teller)
        opening = ("answer", general) if general else self.opening(found.title)
        return self.told(opening, moves, most, found, asks=not general)

    def _endangered(self, found: Found, forms: tuple[Form, ...]) -> Reply:
        """The first answer to a danger at work: what to do now, the answer to a question, and whom to tell."""
        counsel, teller = self.counsel(found), self.teller
        head = next(
            (text for form in forms if (known := answer_to(form)) and (text := teller.fresh(known.heads.in_(self.language)))),
            None,
        )
        message = ("message",) if self.kind == "words" or "may" in forms else ()
        moves = self.moves((*message, "step", "people"), 2, counsel)
        asks = teller.left("question", counsel)[:1]
        return self.said(
            [("answer", head), ("insight", counsel.insight), *moves, *(("question", text) for text in asks)], found
        )

    def _later(self, earlier: Found, forms: tuple[Form, ...]) -> Reply:
        """The answer to a later turn about the same matter."""
        if not earlier.title.card:
            return self._without_card(earlier, forms)
        counsel, teller = self.counsel(earlier), self.teller
        if self.kind == "words" and (words := self.begin_with(earlier, over_card=True)):
            return words
        if answer := plan(forms, self.prompt.question, counsel, teller):
            return self._answered(answer, answer.moves, answer.most, earlier, asks=answer.asks)
        if text := alone(forms, teller):
            return self.said([("answer", text)], earlier)
        if self.kind == "shorter":
            head = teller.occasion("shorter")
            short = light(counsel, self.prompt.shape, self.language)
            return Reply(f"{head}\n{short}" if head else short, (earlier.title.id,), plan=("shorter",))
        if self.kind == "recall" and (text := self.recalled(earlier)):
            return self.said([("recall", text)], earlier)
        if self.kind == "tried":
            return self.tried(earlier)
        kind: Occasion = self.kind if self.kind in FOLLOW_UPS else "fact"
        way = FOLLOW_UPS[kind]
        news = kind != "fact" or not (forms or "?" in self.prompt.question)  # nobody is thanked for a question
        opener = teller.occasion(kind) if news else None
        return self.told((kind, opener) if opener else None, way.moves, way.most, earlier, asks=way.asks)

    def _without_card(self, about: Found, forms: tuple[Form, ...]) -> Reply:
        """What is left to say in a theme once its story is answered: what holds anywhere, and a question."""
        teller = self.teller
        if self.kind == "tried":
            return self.tried(about)
        if text := alone(forms, teller):
            return self.said([("answer", text)], about)
        if self.kind == "shorter" and (told := told_before(about.title.id, self.language, teller.said)):
            return Reply(bullets(told), (about.title.id,), plan=("shorter",))
        if self.kind == "recall" and (text := self.recalled(about)):
            return self.said([("recall", text)], about)
        if self.kind == "words" and (words := self.begin_with(about)):
            return words
        answers = self.step.words <= FEW_WORDS and self.kind in ("fact", "matter")  # us: there is nothing to be spent by that
        spent, ask = None if answers else teller.occasion("spent"), teller.occasion("ask")
        return self.said([("spent", spent), ("ask", ask)] if spent or ask else [("unclear", teller.always("unclear"))], about)

    def _answered(self, answer: AnswerPlan, moves: tuple[Move, ...], most: int, about: Found, *, asks: bool) -> Reply:
        """The answer to a direct question, then moves; the one nearest to it is made first. It asks what the card asks."""
        counsel, teller = self.counsel(about), self.teller
        near = [(answer.near[0], teller.line(*answer.near))] if answer.near else []
        others = self.moves([move for move in moves if move not in dict(near)], most - len(near), counsel)
        parts = [*([("answer", answer.head)] if answer.head else []), *near, *others]
        left = teller.left("question", counsel) if asks else []
        return self.said([*parts, *([("question", teller.line("question", left[0]))] if left else [])], about)

    def _left(self, left: Title, forms: tuple[Form, ...]) -> Reply:
        """A matter is left, and nothing else is found: an answer that holds anywhere, or one question."""
        texts, teller = leaving_texts(self.language), self.teller
        leaves = next((one for text in texts.alone if (one := text.format(left=left.title)) not in teller.said), None)
        answer = alone(forms, teller)
        then = ("answer", answer) if answer else ("ask", self._asks_afresh() or teller.always("ask"))
        return self.said([("left", leaves), then])

    def _asks_afresh(self) -> str | None:
        return next((text for text in leaving_texts(self.language).asks if text not in self.teller.said), None)

    def _offer(self, few: Offered) -> Reply:
        titles = tuple(title.title for title in few.titles)
        steps = () if self.light else [load_topic(one.topic)[one.id].in_(self.language).steps[0] for one in few.titles]
        text = self.prompt.shape.which_one.in_(self.language).format(options=listed(titles, steps))
        return Reply(text, offered=titles, plan=("which_one",))

    def _nothing(self, forms: tuple[Form, ...]) -> Reply:
        """Nothing fits: a way of going about it, an answer that holds anywhere, or one small harmless step and one question."""
        teller, whole_story = self.teller, self.step.words > SHORT_NEWS  # to which no way of doing things is an answer
        if way := self.where_nothing_fits(forms):
            return way
        if text := alone(tuple(form for form in forms if form != "how" or not whole_story), teller):
            return self.said([("answer", text)])
        if self.kind == "words" and (words := self.begin_with()):
            return words
        if self.step.ruled_out and (asks := self._asks_afresh()):
            return self.said([("ask", asks)])
        text = teller.occasion("nothing_fits") or teller.occasion("ask") or teller.always("unclear")
        return self.said([("nothing_fits", text)])
