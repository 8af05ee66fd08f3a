"""Finding the situation that somebody writes about: this one, one of these few, or none."""

from collections.abc import Collection, Sequence
from typing import Final, Literal

from msgspec import Struct

from ion_mentoring.models.playbook.correcting import affirmed, declines
from ion_mentoring.models.playbook.offer import chosen, listed_titles
from ion_mentoring.models.playbook.ranking import Likely, Ranking, Title
from ion_mentoring.models.protocol import Message

# Probabilities, chosen with `python -m training.evaluate_situations --seen`, on questions that were read before, with a look at
# the fourth and the sixth part.
SURE_FROM: Final = 0.4
SURE_WORD: Final = 0.75  # of a single word
OFFERED_FROM: Final = 0.25  # of all that are offered together
TOLD_FROM: Final = 0.6  # of the story of one of them, which is answered then and not asked for
LIKELY_FROM: Final = 0.25  # of the situation that has it
THEME_TOLD_FROM: Final = 0.35  # of the story of a theme, which has nothing else to answer with
EACH_FROM: Final = 0.03  # of each one that is offered beyond the first two
MEANT_FROM: Final = 0.04  # of one that was offered and is told of in other words
NEARLY: Final = 0.04  # of the likeliest of all, which was not offered perhaps
MEANT_WORDS: Final = 20  # of such a choice
FEWEST, MOST = 2, 3  # that are offered
LEAST_LEFT: Final = 0.05  # for situations, after themes that are not told
AMONG: Final = 8  # are looked for with a card, since themes are not offered

Ground = Literal["said", "chosen", "danger", "side"]


class Found(Struct, frozen=True):
    """The situation of a conversation, and on what ground: said, chosen, a danger, or the other side of one."""

    title: Title
    probability: float
    ground: Ground = "said"


class Offered(Struct, frozen=True):
    """The situations that are meant perhaps, likeliest first."""

    titles: tuple[Title, ...]
    probability: float = 1.0  # that it is one of them


def find(ranking: Ranking, messages: Sequence[Message], without: Collection[str] = ()) -> Found | Offered | None:
    """The situation of the last message of a conversation, chosen from a list by its place or in other words, or said."""
    text, titles = messages[-1].content, listed_titles(messages)
    offered = tuple(known for title in titles if (known := ranking.titled(title)))
    if offered and declines(text):
        return found(ranking, affirmed(text), {*without, *(title.id for title in offered)})
    if titles and (title := chosen(titles, text)) and (known := ranking.titled(title)):
        return Found(known, 1.0, "chosen")
    if meant := _meant(ranking, messages, offered):
        return Found(meant, 1.0, "chosen")
    return found(ranking, text, without)


def offered_in(ranking: Ranking, messages: Sequence[Message]) -> tuple[Title, ...]:
    """The situations that the message before the last one offers."""
    return tuple(known for title in listed_titles(messages) if (known := ranking.titled(title)))


def _meant(ranking: Ranking, messages: Sequence[Message], offered: Sequence[Title]) -> Title | None:
    """The one of those that were offered which the last two texts tell of: clearly among them, and about as likely as any."""
    if not offered or len(messages[-1].content.split()) > MEANT_WORDS:
        return None
    both = " ".join(message.content for message in messages[-3:] if message.role == "user")
    likely = [one for one in ranking.rank(both, AMONG) if one.title.card][: MOST + 1]
    among = [one for one in likely if one.title in offered]
    if not among:
        return None
    rivals = [2 * one.probability for one in among[1:2]]
    clear = among[0].probability >= max(MEANT_FROM, *rivals, NEARLY * likely[0].probability)
    return among[0].title if clear else None


def found(ranking: Ranking, text: str, without: Collection[str] = ()) -> Found | Offered | None:
    """The situation or theme of one text; never one that was ruled out, by its id. A theme is found by a story of its own."""
    if not _says_something(text):
        return None
    ranked = [one for one in ranking.rank(text, AMONG + len(without)) if one.title.id not in without]
    sure = SURE_FROM if len(text.split()) > 1 else SURE_WORD
    if ranked[0].probability >= sure and (ranked[0].title.card or ranking.told(ranked[:1], text, THEME_TOLD_FROM)):
        return Found(ranked[0].title, ranked[0].probability)
    told = ranking.told([one for one in ranked[:MOST] if one.probability >= LIKELY_FROM], text, TOLD_FROM)
    if told and not told.title.card and ranked[0].probability < sure:
        return Found(told.title, told.probability)
    cards = _without_themes(ranked)
    if cards and cards[0].probability >= sure:
        return Found(cards[0].title, cards[0].probability)
    near = [one for place, one in enumerate(cards) if place < FEWEST or one.probability >= EACH_FROM]
    together = sum(one.probability for one in near)
    if together < OFFERED_FROM:
        return None
    return Found(told.title, told.probability) if told else Offered(tuple(one.title for one in near), together)


def _says_something(text: str) -> bool:
    """True for a text with a letter beside addresses, which tell of nothing by themselves, whatever words stand in them."""
    return any(any(map(str.isalpha, word)) for word in text.split() if "://" not in word and "@" not in word)


def _without_themes(ranked: Sequence[Likely]) -> list[Likely]:
    """The likeliest situations, where no theme is told: each is as much likelier."""
    left = max(LEAST_LEFT, 1.0 - sum(one.probability for one in ranked if not one.title.card))
    return [Likely(one.title, one.probability / left) for one in ranked if one.title.card][:MOST]
