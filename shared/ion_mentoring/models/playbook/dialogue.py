"""The reply to one turn: what the turn wants, which moves fit and were not made before, in the persona's words.

Everything follows from the messages; nothing is kept in the instance.
"""

from dataclasses import dataclass
from typing import Final, get_args

from ion_mentoring.models.playbook import facts
from ion_mentoring.models.playbook.composing.composer import Composer
from ion_mentoring.models.playbook.finding import Found, Offered
from ion_mentoring.models.playbook.offer import listed
from ion_mentoring.models.playbook.ranking import Ranking
from ion_mentoring.models.playbook.situation import Counsel, load_topic
from ion_mentoring.models.playbook.steps import CERTAIN, Step, StepReader
from ion_mentoring.models.playbook.telling import Teller, bullets, light
from ion_mentoring.models.protocol import Prompt
from ion_mentoring.models.shape import Felt, Move, Occasion
from ion_mentoring.understanding.resonance.key import Intent, Pace, Tone
from ion_mentoring.understanding.turns.reader import Kind, TurnReader

MOVES_AT: Final = {Pace.BURST: 2, Pace.FLOWING: 3, Pace.MEDIUM: 3, Pace.CONTEMPLATIVE: 4}
MOST_CHARACTERS: Final = {"ko": 380, "en": 640}  # from which on no further move is made, before the question
MOST_WORDS: Final = 30  # of a turn that asks for words to say and says which
OFFERED_LATER: Final = 0.35  # the probability from which a conversation that has begun is asked which of a few is meant
REFUSED: Final = ("off_limits", "recall", "language")  # in which no words are made
HEAVY: Final = (Tone.FRUSTRATED, Tone.ANXIOUS, Tone.CONFUSED)  # the tones in which no good news are told
NAMES: Final = ("루아", "엘로", "리리", "나나", "lua", "elro", "riri", "nana")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The answer to a later turn: how many of the moves are made, in which order they are tried, and whether it asks back."""

    moves: tuple[Move, ...]
    most: int
    asks: bool


FOLLOW_UPS: Final[dict[Occasion, FollowUp]] = {
    "tried": FollowUp(("option", "step", "people", "trap"), 1, asks=True),
    "other_way": FollowUp(("option", "people", "step", "message"), 1, asks=True),
    "why": FollowUp(("insight", "pattern", "measure"), 2, asks=False),
    "meaning": FollowUp(("example", "insight", "pattern"), 1, asks=True),
    "example": FollowUp(("example", "message", "option"), 1, asks=False),
    "longer": FollowUp(("pattern", "options", "trap", "measure", "people", "steps"), 3, asks=False),
    "words": FollowUp(("message",), 1, asks=False),
    "next": FollowUp(("step", "measure", "people"), 2, asks=False),
    "yes": FollowUp(("step", "measure", "trap"), 1, asks=False),
    "no": FollowUp(("option", "people", "step"), 1, asks=True),
    "fact": FollowUp(("insight", "step", "pattern", "trap", "option"), 2, asks=True),
    "complaint": FollowUp(("option", "trap", "step", "people"), 1, asks=True),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A text, the situation that it is about, the titles that it offers, and the moves that it makes, in order."""

    text: str
    topics: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()


class Dialogue:
    """Replies to the last turn of a conversation."""

    def __init__(self, turns: TurnReader, composer: Composer) -> None:
        self._steps = StepReader(turns)
        self._composer = composer

    def reply(self, prompt: Prompt, ranking: Ranking, language: str) -> Reply:
        """The reply in Korean or English."""
        steps = self._steps.read(prompt.messages, ranking, language)
        return _Turn(prompt, language, steps, self._words(prompt, language, steps)).reply()

    def _words(self, prompt: Prompt, language: str, steps: Step) -> str | None:
        """The words to say that the person asks for, where they say which."""
        if steps.kind in REFUSED:
            return None
        ours = [message.content for message in prompt.messages if message.role == "assistant"]
        asked = prompt.shape.turns["to_whom"].in_(language)
        told = bool(ours) and any(text in ours[-1] for text in asked)
        return self._composer.words(
            [message.content for message in prompt.messages if message.role == "user"], language, told=told
        )


@dataclass(frozen=True, slots=True)
class _Turn:
    prompt: Prompt
    language: str
    step: Step
    words: str | None  # that the person asks for, as they said it themselves

    @property
    def kind(self) -> Kind:
        return self.step.kind

    def reply(self) -> Reply:
        step = self.step
        if self.words and (step.kind == "words" or step.words <= MOST_WORDS) and self.words not in self._teller.said:
            return self._spoken(self.words)
        if step.by_itself and not (step.kind == "good_news" and step.probability < CERTAIN and self._heavy):
            return self._by_itself(step.kind)  # type: ignore[arg-type]
        new = isinstance(step.found, Found) and not step.goes_on
        if new and isinstance(step.found, Found):
            return self._first(step.found)
        if isinstance(step.found, Offered) and self._may_be(step.found):
            return self._offer(step.found)
        return self._later(step.earlier) if step.earlier else self._nothing()

    @property
    def _heavy(self) -> bool:
        """True where the person sounds as if nothing were good."""
        return "tone" not in self.prompt.unknown and self.prompt.key.tone in HEAVY

    def _may_be(self, few: Offered) -> bool:
        """True where one of a few matters is asked about; in a conversation only where it may well be one of them, and once."""
        begun = bool(self._teller.said)
        if self.step.earlier or self.kind not in (("matter",) if begun else ("matter", "words")):
            return False
        return not begun or (few.probability >= OFFERED_LATER and listed([few.titles[0].title]) not in self._teller.said)

    @property
    def _teller(self) -> Teller:
        said = "\n".join(message.content for message in self.prompt.messages if message.role == "assistant")
        return Teller(self.prompt.shape, self.language, said)

    def _spoken(self, words: str) -> Reply:
        """The words that were asked for, about the matter in hand where there is one."""
        teller, about = self._teller, self.step.about
        line = teller.line("message", words)
        parts = [("words", teller.occasion("words")), ("composed", line), ("and_then", teller.occasion("and_then"))]
        said = [(name, text) for name, text in parts if text]
        topics = (about.title.id,) if about else ()
        return Reply(self._formed([text for _, text in said]), topics, plan=tuple(name for name, _ in said))

    def _by_itself(self, kind: Occasion) -> Reply:
        texts = self.prompt.shape.turns[kind].in_(self.language)
        if kind == "mentor":
            named = any(name in self.prompt.question.lower() for name in NAMES)
            return Reply(self._formed([texts[-1] if named else texts[0]]), plan=(kind,))
        chat = kind == "small_talk" and self._teller.said  # in a conversation nobody is greeted anew
        fresh = (one for one in (texts[1:] if chat else texts) if one not in self._teller.said)
        text = next(fresh, texts[-1])
        return Reply(self._formed([text]), plan=(kind,))

    def _first(self, found: Found) -> Reply:
        """The first answer to a matter."""
        counsel = self._counsel(found)
        if self.prompt.mode == "summary_light":
            return Reply(light(counsel, self.prompt.shape, self.language), (found.title.id,), plan=("light",))
        intent = Intent.SEEK_ADVICE if "intent" in self.prompt.unknown else self.prompt.key.intent
        moves = self.prompt.shape.plans[intent]
        if self.kind == "words":
            moves = ("message", *(move for move in moves if move != "message"))
        opening = self._opening()
        return self._told(opening, moves, MOVES_AT[self.prompt.key.pace], found, asks=True)

    def _opening(self) -> tuple[str, str] | None:
        """The words before the moves: the person's own figure, or a word to a mood that is sure."""
        teller, key = self._teller, self.prompt.key
        if (quote := facts.figure(self.prompt.question)) and (text := teller.occasion("quote", quote=quote)):
            return "quote", text
        if "tone" in self.prompt.unknown or key.tone not in get_args(Felt):
            return None
        text = self.prompt.shape.opening[key.tone].in_(self.language)  # type: ignore[index]
        return None if text in teller.said else ("opening", text)

    def _later(self, earlier: Found) -> Reply:
        """The answer to a later turn about the same matter."""
        counsel, teller = self._counsel(earlier), self._teller
        if self.kind == "shorter":
            head = teller.occasion("shorter")
            short = light(counsel, self.prompt.shape, self.language)
            return Reply(f"{head}\n{short}" if head else short, (earlier.title.id,), plan=("shorter",))
        if self.kind == "recall" and (text := self._recalled(counsel)):
            return Reply(self._formed([text]), (earlier.title.id,), plan=("recall",))
        kind: Occasion = self.kind if self.kind in FOLLOW_UPS else "fact"
        way = FOLLOW_UPS[kind]
        opener = teller.occasion(kind)
        return self._told((kind, opener) if opener else None, way.moves, way.most, earlier, asks=way.asks)

    def _told(self, opening: tuple[str, str] | None, moves: tuple[Move, ...], most: int, about: Found, *, asks: bool) -> Reply:
        counsel, teller = self._counsel(about), self._teller
        told: list[tuple[str, str]] = []
        length = len(opening[1]) if opening else 0
        for move in moves:
            if len(told) == most or (told and length > MOST_CHARACTERS[self.language]):
                break
            if text := teller.move(move, counsel):
                told.append((move, text))
                length += len(text)
        if not told and self.kind == "words" and (text := teller.occasion("to_whom")):
            return Reply(self._formed([text]), (about.title.id,), plan=("to_whom",))
        if not told and (spent := teller.occasion("spent")):
            told.append(("spent", spent))
        if (asks or not told or told[0][0] == "spent") and (question := teller.move("question", counsel)):
            told.append(("question", question))
        said = [*([opening] if opening else []), *told]
        if not said:
            said = [("unclear", teller.always("unclear"))]
        return Reply(self._formed([text for _, text in said]), (about.title.id,), plan=tuple(name for name, _ in said))

    def _recalled(self, counsel: Counsel) -> str | None:
        teller = self._teller
        told = [text for text in (counsel.insight, *counsel.options, *counsel.steps) if text in teller.said]
        first = next((quote for message in self.prompt.messages if (quote := facts.said(message.content))), None)
        return teller.always("recall", quote=first, step=told[-1]) if first and told else None

    def _offer(self, few: Offered) -> Reply:
        titles = tuple(title.title for title in few.titles)
        text = self.prompt.shape.which_one.in_(self.language).format(options=listed(titles))
        return Reply(text, offered=titles, plan=("which_one",))

    def _nothing(self) -> Reply:
        """Nothing fits: the person's own words, one small step that harms nobody, one question."""
        teller = self._teller
        if self.kind == "words" and (asks := teller.occasion("to_whom")):
            return Reply(self._formed([asks]), plan=("to_whom",))
        parts = []
        if (quote := facts.said(self.prompt.question)) and (text := teller.occasion("quote", quote=quote)):
            parts.append(("quote", text))
        text = teller.occasion("nothing_fits") or teller.occasion("ask") or teller.always("unclear")
        parts.append(("nothing_fits", text))
        return Reply(self._formed([text for _, text in parts]), plan=tuple(name for name, _ in parts))

    def _formed(self, parts: list[str]) -> str:
        if self.prompt.mode == "summary_light":
            return bullets(paragraph for part in parts for paragraph in part.split("\n\n"))
        return "\n\n".join(parts)

    def _counsel(self, found: Found) -> Counsel:
        return load_topic(found.title.topic)[found.title.id].in_(self.language)
