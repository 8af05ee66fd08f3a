"""The language of an answer: the one that was asked for, or the conversation's, which a line without words does not change."""

import re
from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.protocol import Message
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.language import language_of

LONGEST: Final = 120  # characters of a message that asks for a language and for little else
_ASKS: Final = {
    "en": re.compile(
        r"(?:영어|영문)(?:로|으로|가 편|도)|\b(?:in|speak|write|only|continue in|switch to|say it in|reply in|answer in) "
        r"(?:simple )?english\b|\benglish (?:please|pls|version|only)\b|^\W*(?:english|eng)\W*$"
    ),
    "ko": re.compile(
        r"(?:한국어|한국말|한글|우리말)(?:로|으로|가 편|도)|\b(?:in|speak|write|into|to|only) (?:korean|hangul)\b"
        r"|\b(?:korean|hangul) (?:please|pls|version|only)\b|^\W*korean\W*$"
    ),
}
_NOT: Final = re.compile(r"(?:영어|한국어|한글) ?(?:말고|ㄴㄴ)|\bnot (?:in )?(?:korean|english)\b")


def asked_language(messages: Sequence[Message]) -> str | None:
    """The language that was asked for last, `ko` or `en`; None if none was."""
    for message in reversed(messages):
        if message.role == "user" and len(message.content) <= LONGEST:
            text = _NOT.sub(" ", visible(message.content))
            asked = [language for language, pattern in _ASKS.items() if pattern.search(text)]
            if len(asked) == 1:
                return asked[0]
    return None


def spoken_language(messages: Sequence[Message]) -> str | None:
    """The language of an earlier message, where the last one has no words; None where it has, or nothing was said before."""
    if any(char.isalpha() for char in messages[-1].content):
        return None
    worded = (one.content for one in reversed(messages) if one.role == "user" and any(char.isalpha() for char in one.content))
    return next((language_of(text) for text in worded), None)
