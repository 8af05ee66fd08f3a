"""`make persona-lint`: what a persona's card lacks, where it contradicts itself, and whom it is too like.

A card that loads may still be no character: a starter that nobody edited, Korean that was left in English, a tone that it
prefers and is bad at. This names each such place, and fails if there is one.
"""

import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Final

from ion_mentoring.errors import CardInvalid
from ion_mentoring.personas.card import BEST_FROM, Card
from ion_mentoring.personas.roster import VARIANT_CARDS, Roster, load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.personas.variant import persona_of
from ion_mentoring.personas.variant_cards import VariantCards
from ion_mentoring.understanding.resonance.key import ALL_KEYS

CARDS: Final = Path(__file__).resolve().parents[2] / "shared/ion_mentoring"
SITUATIONS: Final = CARDS / "models/playbook/situations"
ALIKE: Final = 0.8  # of two prompts' letters in the same order
NEAR: Final = 0.08  # mean difference of two personas' affinities
SHARED: Final = 0.3  # of a persona's own lines that another one says, too
LEAST_KEYS: Final = 5  # of 216 that a persona answers
WORDS: Final = ("EDIT", "TODO", "{{char}}", "{{user}}")


def missing(card: Card) -> Iterator[str]:
    """The parts that a card lacks."""
    text = card.model_dump_json(exclude={"character"})
    yield from (f"still says {word}" for word in WORDS if word in text)
    if not card.topics:
        yield "topics: none, so no situation is told by what it knows best"
    for name in ("name", "role", "description", "never"):
        texts = getattr(card, name)
        if name != "name" and texts.ko == texts.en:
            yield f"{name}: is the same in both languages"
    if card.prompt.ko == card.prompt.en:
        yield "prompt: is the same in both languages"
    if not any("가" <= letter <= "힣" for letter in card.prompt.ko):
        yield "prompt.ko: has no Korean in it"
    if max(max(column.values()) for column in (card.affinity.tone, card.affinity.intent)) < BEST_FROM:
        yield f"affinity: no tone and no intent from {BEST_FROM} on"


def contradictions(card: Card) -> Iterator[str]:
    """The places where a card says one thing and another."""
    yield from _tones(card)
    for topic in card.topics:
        if not (SITUATIONS / f"{topic}.toml").exists():
            yield f"topics: there is no situation file {topic!r}"
    for language, texts in (("ko", card.prompt.ko), ("en", card.prompt.en)):
        if not any(name.casefold() in texts.casefold() for name in (card.name.ko, card.name.en)):
            yield f"prompt.{language}: does not name {card.name.in_(language)}"
    if card.generation.light_output_tokens > card.generation.max_output_tokens:
        yield "generation: a short answer may be longer than a long one"


def _tones(card: Card) -> Iterator[str]:
    for tone in card.preferred_tones:
        if card.affinity.tone[tone] < BEST_FROM:
            yield f"preferred_tones: {tone.value} is preferred, and its affinity is {card.affinity.tone[tone]:g}"
    worst = max(card.affinity.tone[tone] for tone in card.preferred_tones)
    for tone, score in card.affinity.tone.items():
        if score > worst:
            yield f"affinity.tone: {tone.value} ({score:g}) is above every tone that it prefers"


def likenesses(one: Card, other: Card) -> Iterator[str]:
    """The respects in which two cards are too like each other."""
    for language in ("ko", "en"):
        if one.name.in_(language).casefold() == other.name.in_(language).casefold():
            yield f"name.{language}: is the same"
        alike = SequenceMatcher(None, one.prompt.in_(language), other.prompt.in_(language), autojunk=False).ratio()
        if alike > ALIKE:
            yield f"prompt.{language}: {alike:.0%} alike"
        if shared := set(one.hints.in_(language)) & set(other.hints.in_(language)):
            yield f"hints.{language}: both say {', '.join(sorted(shared))}"
    if one.emoji == other.emoji:
        yield "emoji: is the same"
    apart = _apart(one, other)
    if apart < NEAR:
        yield f"affinity: {apart:.3f} apart in the mean"
    lines, others = _lines(one), _lines(other)
    share = len(lines & others) / max(1, min(len(lines), len(others)))
    if share > SHARED:
        yield f"shape: {share:.0%} of the lines are the same"


def unheard(roster: Roster) -> Iterator[tuple[str, str]]:
    """The personas whom almost no key leads to."""
    table = RoutingTable(roster)
    won = [table.route(key).primary for key in ALL_KEYS]
    for persona in roster:
        if won.count(persona) < LEAST_KEYS:
            yield persona, f"affinity: answers {won.count(persona)} of {len(ALL_KEYS)} keys"


def others(cards: VariantCards, roster: Roster) -> Iterator[str]:
    """All that is wrong with personas' other cards, among it that one is no other."""
    for name in cards.names:
        try:
            card, usual = cards[name], roster[persona_of(name)]
        except CardInvalid as error:
            yield f"{name}: {error}"
            continue
        yield from (f"{name}: {wrong}" for wrong in (*missing(card), *contradictions(card)))
        if (card.prompt, card.generation, card.shape) == (usual.prompt, usual.generation, usual.shape):
            yield f"{name}: says what {usual.id}'s usual card says"


def found(roster: Roster) -> list[str]:
    """All that is wrong, a line each."""
    lines = [f"{card.id}: {wrong}" for card in roster.values() for wrong in (*missing(card), *contradictions(card))]
    lines += [f"{persona}: {wrong}" for persona, wrong in unheard(roster)]
    for one, other in combinations(roster.values(), 2):
        lines += [f"{one.id} and {other.id}: {wrong}" for wrong in likenesses(one, other)]
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong with the cards, or with those that are named; 1 if there is something."""
    wanted = sys.argv[1:] if arguments is None else list(arguments)
    roster = load_roster()
    cards = VariantCards(roster, VARIANT_CARDS)
    all_lines = [*found(roster), *others(cards, roster)]
    lines = [line for line in all_lines if not wanted or any(name in _whose(line) for name in wanted)]
    whole = f"{len(roster)} personas, {len(cards.names)} other cards"
    print("\n".join(lines) or f"{whole}, nothing missing, no contradiction, no two alike")
    return 1 if lines else 0


def _whose(line: str) -> list[str]:
    """The personas and cards that a line is about."""
    named = line.split(":")[0].split()
    return [*named, *(persona_of(name) for name in named)]


def _apart(one: Card, other: Card) -> float:
    columns = [(getattr(one.affinity, part), getattr(other.affinity, part)) for part in ("tone", "pace", "intent")]
    gaps = [abs(score - right[value]) for left, right in columns for value, score in left.items()]
    return float(sum(gaps) / len(gaps))


def _lines(card: Card) -> set[str]:
    """A persona's own words: lines around a text, and turns."""
    variants = (*card.shape.lines.values(), *card.shape.turns.values())
    return {text for one in variants for text in (*one.ko, *one.en) if text.strip() != "{text}"}


if __name__ == "__main__":
    sys.exit(main())
