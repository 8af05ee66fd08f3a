"""The prompt of a persona: its instruction, what is known of the person, then as much history as fits, newest kept."""

from collections.abc import Sequence
from typing import Final

from ion_mentoring.catalogue.texts import say
from ion_mentoring.models.protocol import Message, Mode, Prompt
from ion_mentoring.models.tokens import estimated_tokens
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import Question

HISTORY_TOKENS: Final = 3_000


def build(card: Card, question: Question, *, history_tokens: int = HISTORY_TOKENS) -> Prompt:
    """The prompt for one question; history beyond `history_tokens` (estimated) is left out, oldest first."""
    return Prompt(
        system=_system(card, question),
        messages=(*newest_within(question.history, history_tokens), Message("user", question.text)),
        key=question.key,
        language=question.language,
        shape=card.shape,
        mode=question.mode,
        feeling=question.feeling,
    )


def version(card: Card) -> str:
    """The version of all texts that a card's prompts are made of; part of every cache key."""
    return str(card.prompt.version)


def most_tokens(card: Card, question: Question) -> int:
    """The tokens that one call for this question may cost at most, estimated on the high side."""
    prompt = build(card, question)
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


def _system(card: Card, question: Question) -> str:
    language, key = question.language, question.key
    lines = [
        card.prompt.in_(language),
        say("prompt.speaking", language, tone=key.tone, pace=key.pace, intent=key.intent),
        say(f"prompt.pace.{key.pace}", language),
        say(f"prompt.intent.{key.intent}", language),
        say("prompt.language", language, language=language),
    ]
    if question.feeling:
        lines.append(say("prompt.feeling", language, feeling=question.feeling))
    if question.mode == _LIGHT:
        lines.append(say("prompt.light", language))
    return "\n".join(lines)


_LIGHT: Final[Mode] = "summary_light"
