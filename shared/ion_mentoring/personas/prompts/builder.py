"""The prompt of a persona: its instruction, what is known of the person, then as much history as fits, newest kept."""

from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.protocol import Message, Mode, Prompt
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import PersonaRequest
from ion_mentoring.personas.prompts.instructions import Instructions, load_instructions
from ion_mentoring.usage.tokens import estimated_tokens

HISTORY_TOKENS: Final = 3_000  # some 20 turns of a chat; with instruction, question and answer it fits a model of 8k tokens

_LIGHT: Final[Mode] = "summary_light"


def build(
    card: Card, question: PersonaRequest, *, told: Instructions | None = None, history_tokens: int = HISTORY_TOKENS
) -> Prompt:
    """The prompt for one question, with the usual instructions unless others are `told`.

    History beyond `history_tokens` (estimated) is left out, oldest first.
    """
    return Prompt(
        system=_system(card, question, told or load_instructions()),
        messages=(*newest_within(question.history, history_tokens), Message("user", question.text)),
        key=question.key,
        language=question.language,
        shape=card.shape,
        mode=question.mode,
        feeling=question.feeling,
        unknown=question.unknown,
        generation=card.generation,
    )


def version(card: Card, told: Instructions | None = None) -> str:
    """The version of all texts that a card's prompts are made of; part of every cache key."""
    return f"{card.prompt.version}.{(told or load_instructions()).version}"


def most_tokens(card: Card, question: PersonaRequest, told: Instructions | None = None) -> int:
    """The tokens that one call for this question may cost at most, estimated on the high side."""
    prompt = build(card, question, told=told)
    return sum(map(estimated_tokens, prompt.texts)) + prompt.generation.output_tokens(light=question.mode == _LIGHT)


def newest_within(history: Sequence[Message], tokens: int) -> tuple[Message, ...]:
    """The longest run of newest messages whose estimated tokens fit."""
    kept: list[Message] = []
    for message in reversed(history):
        tokens -= estimated_tokens(message.content)
        if tokens < 0:
            break
        kept.append(message)
    return tuple(reversed(kept))


def _system(card: Card, question: PersonaRequest, told: Instructions) -> str:
    language, key = question.language, question.key
    known = {part: value for part, value in key.parts.items() if part not in question.unknown}
    lines = [card.prompt.in_(language), told.rules.in_(language)]
    if known:
        spoken = ", ".join(told.parts[part].in_(language).format(value=value) for part, value in known.items())
        lines.append(told.speaking.in_(language).format(parts=spoken))
    if "tone" in known:
        lines.append(told.tone[key.tone].in_(language))
    if "intent" in known:
        lines.append(told.intent[key.intent].in_(language))
    if question.feeling:
        lines.append(told.feeling.in_(language).format(feeling=question.feeling))
    lines.append((told.light if question.mode == _LIGHT else told.pace[key.pace]).in_(language))
    lines.append(told.language.in_(language).format(language=language))
    return "\n".join(lines)
