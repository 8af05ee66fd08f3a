"""The rhythm of a text: how long its sentences are, how dense and how repeated its punctuation."""

import re

from msgspec import Struct

_END = re.compile(r"[.!?。！？…]+|\n+|[ㅠㅜㅋㅎ]{2,}|(?<!~)~+(?=\s|$)")
_PUNCTUATION = re.compile(r"[.,!?;:…。！？~]")
_REPEATED = re.compile(r"([!?.~ㅠㅜㅋㅎㅡ])\1+")
_WORD = re.compile(r"\w[\w'’]*")


class Rhythm(Struct, frozen=True):
    """Counts of one text; shares are of its characters or sentences, in [0, 1]."""

    words: int
    sentences: int
    words_a_sentence: float
    punctuation_share: float
    question_share: float
    exclamation_share: float
    repeated: int
    line_breaks: int


def rhythm_of(text: str) -> Rhythm:
    """The rhythm of a text; a text without words counts as one empty sentence."""
    words = len(_WORD.findall(text))
    sentences = max(1, sum(1 for part in _END.split(text) if part.strip()))
    return Rhythm(
        words=words,
        sentences=sentences,
        words_a_sentence=words / sentences,
        punctuation_share=len(_PUNCTUATION.findall(text)) / max(1, len(text)),
        question_share=min(1.0, (text.count("?") + text.count("？")) / sentences),
        exclamation_share=min(1.0, (text.count("!") + text.count("！")) / sentences),
        repeated=len(_REPEATED.findall(text)),
        line_breaks=text.count("\n"),
    )
