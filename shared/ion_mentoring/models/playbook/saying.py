"""What the replies to all turns share: the moves of a matter's card, said in the persona's words and put together."""

from collections.abc import Sequence
from typing import Final, get_args

from msgspec import Struct

from ion_mentoring.models.playbook import facts
from ion_mentoring.models.playbook.asking.purposes import words_for
from ion_mentoring.models.playbook.expected.story_parts import told_before
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.hazards.hazards import TOPIC as HAZARDS
from ion_mentoring.models.playbook.hazards.hazards import load_hazards
from ion_mentoring.models.playbook.leaving import leaving_texts
from ion_mentoring.models.playbook.ranking import Title
from ion_mentoring.models.playbook.reply import Reply
from ion_mentoring.models.playbook.situation import Counsel, load_topic
from ion_mentoring.models.playbook.step import Step
from ion_mentoring.models.playbook.telling import Teller, bullets
from ion_mentoring.models.protocol import Prompt
from ion_mentoring.models.shape import Felt, Move
from ion_mentoring.understanding.resonance.key import Intent
from ion_mentoring.understanding.turns.reader import Kind

MOST_CHARACTERS: Final = {"ko": 380, "en": 640}  # from which on no further move is made, before the question


class Saying(Struct, frozen=True):
    """One turn with what was read of it; `words` are those that it asks for, as the person said them."""

    prompt: Prompt
    language: str
    step: Step
    words: str | None
    teller: Teller

    @property
    def kind(self) -> Kind:
        return self.step.kind

    @property
    def light(self) -> bool:
        """True where three short bullets are wanted."""
        return self.prompt.mode == "summary_light"

    @property
    def intent(self) -> Intent:
        return Intent.SEEK_ADVICE if "intent" in self.prompt.unknown else self.prompt.key.intent

    def counsel(self, found: Found) -> Counsel:
        """The counsel of a matter that has a card."""
        return self.counsel_in(found, self.language)

    def counsel_in(self, found: Found, language: str) -> Counsel:
        """The same in a language."""
        hazard = load_hazards().get(found.title.id) if found.title.topic == HAZARDS else None
        return (hazard or load_topic(found.title.topic)[found.title.id]).in_(language)

    def moves(self, moves: Sequence[Move], most: int, counsel: Counsel) -> list[tuple[str, str]]:
        """Moves that were not made before, each once, as many as are allowed and fit."""
        told: dict[str, str] = {}
        for move in moves:
            if len(told) >= most or sum(map(len, told.values())) > MOST_CHARACTERS[self.language]:
                break
            if (
                move not in told
                and not (move == "message" and self.step.withheld)
                and (text := self.teller.move(move, counsel))
            ):
                told[move] = text
        return [*told.items()]

    def told(self, opening: tuple[str, str] | None, moves: tuple[Move, ...], most: int, about: Found, *, asks: bool) -> Reply:
        """The opening, as many moves as are allowed, and a question."""
        counsel, teller = self.counsel(about), self.teller
        told = self.moves(moves, most, counsel)
        if not told and self.kind == "words" and (words := self.begin_with(about)):
            return words
        if not told and (spent := teller.occasion("spent")):
            told.append(("spent", spent))
        if (asks or not told or told[0][0] == "spent") and (question := teller.move("question", counsel)):
            told.append(("question", question))
        said = [*([opening] if opening else []), *told]
        return self.said(said or [("unclear", teller.always("unclear"))], about)

    def begin_with(self, about: Found | None = None, *, over_card: bool = False, asks: bool = True) -> Reply | None:
        """Words to begin with, by what somebody wants to say; else, if it `asks`, to whom and what. None where all was said."""
        theirs = [message.content for message in self.prompt.messages if message.role == "user"]
        known = words_for(theirs, self.language, over_card=over_card)
        if one := next((one for one in known if one.words not in self.teller.said), None):
            return self.said([("begin_with", f"{one.first} “{one.words}”"), ("and_then", one.after)], about)
        to_whom = self.teller.occasion("to_whom") if asks and not over_card else None
        return self.said([("to_whom", to_whom)], about) if to_whom else None

    def said(self, parts: Sequence[tuple[str, str | None]], about: Found | None = None) -> Reply:
        """The reply of parts that are there, each with its name."""
        said = [(name, text) for name, text in parts if text]
        topics = (about.title.id,) if about else ()
        return Reply(self._formed([text for _, text in said]), topics, plan=tuple(name for name, _ in said), parts=tuple(said))

    def recalled(self, about: Found) -> str | None:
        """What the person said first, and what was advised last; None where nothing was."""
        teller, counsel = self.teller, self.counsel(about) if about.title.card else None
        told = told_before(about.title.id, self.language, teller.said)
        if counsel:
            told += [text for text in (counsel.insight, *counsel.options, *counsel.steps) if text in teller.said]
        theirs = [message.content for message in self.prompt.messages if message.role == "user"]
        first = next((quote for text in theirs[:-1] if (quote := facts.said(text))), theirs[0][: facts.LONGEST])
        return teller.always("recall", quote=first, step=told[-1]) if first and told else None

    def opening(self, title: Title) -> tuple[str, str] | None:
        """The words before the moves: which matter is left, the person's own figure, or a word to a mood that is sure."""
        teller, key = self.teller, self.prompt.key
        if self.step.left:
            return "left", leaving_texts(self.language).for_another.format(left=self.step.left.title, found=title.title)
        chosen = isinstance(self.step.found, Found) and self.step.found.ground == "chosen"  # by a number, which is no fact
        quote = None if chosen else facts.figure(self.prompt.question)
        if quote and facts.whole(quote) and (text := teller.occasion("quote", quote=quote)):
            return "quote", text
        if "tone" in self.prompt.unknown or key.tone not in get_args(Felt):
            return None
        text = self.prompt.shape.opening[key.tone].in_(self.language)  # type: ignore[index]
        return None if text in teller.said else ("opening", text)

    def _formed(self, parts: list[str]) -> str:
        if self.light:
            return bullets(paragraph for part in parts for paragraph in part.split("\n\n"))
        return "\n\n".join(parts)
