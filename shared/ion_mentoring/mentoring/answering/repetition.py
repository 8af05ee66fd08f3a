"""Repetition among mentors: what one of them said is left out of what the next ones say.

Sentences are compared word by word, without case, punctuation, list marks and what stands in brackets at the end. What would
be left of a paragraph is judged as a whole: a lead-in ("For today:") goes with what it led to, a numbered list stays whole
unless all of it was said, and code is never cut.
"""

import re
from typing import Final

FEWEST: Final = 3  # words of a sentence that says something; shorter ones may come twice
LEAD_IN: Final = 5  # words of a lead-in at most, unless it ends with a colon

_BLANK: Final = re.compile(r"\n\s*\n")
_BEFORE: Final = re.compile(r"^(?:[^\S\n]*\n)+")
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？…:])[\"'”’)\]]*\s+(?=\S)|\n+")
_BRACKETS: Final = re.compile(r"\s*\([^()]*\)\s*$")
_NUMBER: Final = re.compile(r"^\s*(?:\d{1,2}|[A-Za-z])[.)]\s+")
_MARK: Final = re.compile(r"^\s*(?:[-*•·]|(?:\d{1,2}|[A-Za-z])[.)])\s+")
_WORD: Final = re.compile(r"[-+]?\w+(?:[.,:/+#%'’-]\w+)*[+#%]*")
_FENCE: Final = "```"


class Said:
    """All that was said by those who spoke before."""

    def __init__(self) -> None:
        self.sentences: set[str] = set()

    def add(self, text: str) -> None:
        """Adds what somebody has said."""
        self.sentences.update(filter(None, (_folded(sentence) for sentence in _sentences(text))))


class Unrepeated:
    """What of a text was not said before, as it comes in pieces; where nobody spoke before, it is the text itself."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self._rest = ""
        self._spoke = False
        self._in_code = False

    def feed(self, text: str) -> str:
        """The paragraphs that are whole once this piece is there."""
        if not self._said.sentences:
            return text
        *whole, self._rest = _BLANK.split(self._rest + text)
        return "".join(self._new(paragraph) for paragraph in whole)

    def end(self) -> str:
        """The rest, at the end."""
        rest, self._rest = self._rest, ""
        return self._new(rest)

    def _new(self, paragraph: str) -> str:
        kept = self._kept(_BEFORE.sub("", paragraph).rstrip())
        if not kept:
            return ""
        before, self._spoke = "\n\n" if self._spoke else "", True
        return before + kept

    def _kept(self, paragraph: str) -> str:
        fences = paragraph.count(_FENCE)
        code, self._in_code = self._in_code or fences > 0, self._in_code != (fences % 2 == 1)
        return paragraph if code else _kept(paragraph, self._said.sentences)


def unrepeated(text: str, said: Said) -> str:
    """A whole text without what was said before."""
    piecewise = Unrepeated(said)
    return piecewise.feed(text) + piecewise.end()


def _kept(paragraph: str, said: set[str]) -> str:
    """A paragraph without the sentences that were said; nothing where only its lead-in would be left."""
    sentences = _sentences(paragraph)
    new = [sentence for sentence in sentences if _folded(sentence) not in said]
    if len(new) == len(sentences):
        return paragraph
    if not new or (new == sentences[:1] and _leads_in(new[0])):
        return ""
    if sum(1 for sentence in sentences if _NUMBER.match(sentence)) > 1:
        return paragraph
    return "".join(new).rstrip()


def _leads_in(sentence: str) -> bool:
    short = len(sentence.split()) <= LEAD_IN or sentence.rstrip().endswith(":")
    return short and not _MARK.match(sentence)


def _sentences(text: str) -> list[str]:
    """The sentences of a text, with the space that follows each; put together they are the text."""
    sentences: list[str] = []
    begin = 0
    for gap in _SENTENCE.finditer(text):
        if "\n" not in gap[0] and _goes_on(text[begin : gap.end()], text[gap.end()]):
            continue
        sentences.append(text[begin : gap.end()])
        begin = gap.end()
    return [*sentences, text[begin:]] if text[begin:] else sentences


def _goes_on(sentence: str, following: str) -> bool:
    """True for what only looks like an end: after a list mark, before brackets, within them and within a quotation."""
    within = any(sentence.count(opens) > sentence.count(closes) for opens, closes in ("()", "“”"))
    return within or following == "(" or bool(_NUMBER.fullmatch(sentence))


def _folded(sentence: str) -> str:
    """The words of a sentence as they are compared; none where they are too few to say anything."""
    words = _WORD.findall(_BRACKETS.sub("", _MARK.sub("", sentence, count=1)).casefold())
    return " ".join(words) if len(words) >= FEWEST else ""
