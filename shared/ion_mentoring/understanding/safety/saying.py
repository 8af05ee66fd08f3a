"""The texts that were said already in a conversation, known again by how they begin, wherever they stand in a message."""

from collections.abc import Sequence
from operator import mul
from typing import Final

from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.safety.past import Turn

SAME: Final = 0.6  # share of the words of the shorter one of two turns that say the same
MEANT: Final = 0.55  # the cosine of two turns that mean the same
OPENING: Final = 48  # characters by which a text that was said is known again


def said(text: str, history: Sequence[Turn]) -> bool:
    """True if this text stood in a message of ours: at its beginning, or after a word that something was heard."""
    return _times([text], history) > 0


def fresh(texts: Sequence[str], history: Sequence[Turn], turns: int) -> str:
    """The first text that was not said yet, and none twice running.

    Where nobody keeps what was said, the one whose turn it is.
    """
    if all(turn.role == "user" for turn in history):
        return texts[turns % len(texts)]
    unsaid = [text for text in texts if not said(text, history)]
    return unsaid[0] if unsaid else texts[_times(texts, history) % len(texts)]


def _times(texts: Sequence[str], history: Sequence[Turn]) -> int:
    """How many messages of ours have one of these texts."""
    openings = tuple(text[:OPENING] for text in texts)
    return sum(turn.role == "assistant" and _has(openings, turn.content) for turn in history)


def _has(openings: tuple[str, ...], message: str) -> bool:
    return message.startswith(openings) or any(f"\n\n{opening}" in message for opening in openings)


def means_again(text: str, history: Sequence[Turn], language: str) -> bool:
    """True for a turn that means nearly what an earlier one of the person's meant, in whatever words."""
    vectors = load_vectors(language)
    own = vectors.of(text).unit
    earlier = (vectors.of(turn.content).unit for turn in history if turn.role == "user")
    return any(sum(map(mul, own, other)) >= MEANT for other in earlier)


def repeats(text: str, history: Sequence[Turn]) -> bool:
    """True for a turn that says in nearly the same words what an earlier one of the person's said."""
    words = set(flat(text).split())
    earlier = (set(flat(turn.content).split()) for turn in history if turn.role == "user")
    return any(len(words & own) >= SAME * max(1, min(len(words), len(own))) for own in earlier)
