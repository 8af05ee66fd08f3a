"""The stage of several mentors: all of them think at once, and are heard one after the other."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct, field

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.mentoring.answering.repetition import Said, Unrepeated
from ion_mentoring.mentoring.answering.values import AnswerEvent, Routed, Tell
from ion_mentoring.models.protocol import Delta
from ion_mentoring.personas.card import Card


class Silent(Struct, frozen=True):
    """The end of a mentor who could not answer: what it has said is void."""

    code: str


class Spoken(Struct, frozen=True):
    """An event of one speaker, or of none: then it concerns the answer as a whole."""

    speaker: Card | None
    event: AnswerEvent | Silent


Hear = Callable[[Spoken], None]  # a listener to several mentors, which never waits


def nothing_new(card: Card, language: str) -> str:
    """The words of a mentor who has nothing to add to those before."""
    return localized("together.nothing_new", language, persona=card.name.in_(language))


class _Speaker(Struct):
    card: Card
    routed: Routed | None = None
    text: str = ""
    code: str | None = None
    over: bool = False
    heard: int = 0  # characters of the text
    began: bool = False
    spoke: bool = False
    new: Unrepeated = field(default_factory=lambda: Unrepeated(Said()))


class Stage:
    """Tells `hear` the speakers' events in their order, each as soon as those before it are over, without repetition."""

    def __init__(self, hear: Hear, cards: tuple[Card, ...], language: str) -> None:
        self._hear = hear
        self._speakers = [_Speaker(card) for card in cards]
        self._language = language
        self._now = 0
        self._said = Said()

    def voice(self, place: int) -> Tell:
        """The listener to the speaker at a place."""
        return partial(self._told, self._speakers[place])

    def over(self, place: int, code: str | None = None) -> None:
        """Ends a speaker, who could not answer where there is an error's `code`; the next ones are heard."""
        self._speakers[place].over, self._speakers[place].code = True, code
        while self._now < len(self._speakers):
            speaker = self._speakers[self._now]
            self._catch_up(speaker)
            if not speaker.over:
                return
            self._end(speaker)
            self._now += 1

    def _told(self, speaker: _Speaker, event: AnswerEvent) -> None:
        if isinstance(event, Routed):
            speaker.routed, speaker.text, speaker.heard, speaker.began = event, "", 0, False
        else:
            speaker.text += event.text
        if speaker is self._speakers[self._now]:
            self._catch_up(speaker)

    def _catch_up(self, speaker: _Speaker) -> None:
        """Says what has come of a speaker whose turn it is."""
        if speaker.routed and not speaker.began:
            speaker.began, speaker.spoke, speaker.new = True, False, Unrepeated(self._said)
            self._hear(Spoken(speaker.card, speaker.routed))
        come, speaker.heard = speaker.text[speaker.heard :], len(speaker.text)
        self._say(speaker, speaker.new.feed(come))

    def _end(self, speaker: _Speaker) -> None:
        if speaker.code is not None:
            self._hear(Spoken(speaker.card, Silent(speaker.code)))
            return
        self._say(speaker, speaker.new.end())
        if not speaker.spoke:
            self._say(speaker, nothing_new(speaker.card, self._language))
        self._said.add(speaker.text)

    def _say(self, speaker: _Speaker, text: str) -> None:
        if text:
            speaker.spoke = True
            self._hear(Spoken(speaker.card, Delta(text)))
