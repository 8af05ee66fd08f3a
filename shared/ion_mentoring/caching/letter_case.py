"""The case of letters in prose: folded where it is only how somebody writes, kept where another case is another word."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

QUOTED: Final = (  # in backticks and quotation marks: not the prose of whoever asks
    r"""```[\s\S]*?(?:```|\Z)|`[^`\n]+`|"[^"\n]+"|\u201c[^\u201c\u201d\n]+\u201d|(?<!\w)'[^'\n]+'(?!\w)|\u2018[^\u2018\u2019\n]+\u2019(?!\w)"""
)
_WORDS: Final = re.compile(rf"{QUOTED}|(?P<word>[^\W_]+(?:['\u2019][^\W\d_]+)*)")
_SENTENCE_STARTS: Final = re.compile(r"(?:^|[.!?:])[^\w.!?:]*$")
_AFTER_NUMBER: Final = re.compile(r"\d ?$")
_BEFORE: Final = 8  # characters in which the end of a sentence before is looked for
_UNIT: Final = 3  # letters of a word after a number, up to which it is a unit: Mb and MB, m and M
_STRESSED: Final = 6  # letters of a word in capitals, from which on it is stressed and no acronym: PREPARE, but IT and HTTPS
_NO_ACRONYM: Final = 4  # letters of a word in a text of capitals alone, from which on it is no acronym


def folded(text: str) -> str:
    """The text in lower case, but for words that another case makes others, and for what is quoted."""
    if text.lower() == text:
        return text
    words = [found for found in _WORDS.finditer(text) if found["word"]]
    capital = [found for found in words if found["word"].lower() != found["word"]]
    if _is_shouted(text, words):
        return _lowered(text, [found for found in capital if not _is_measured(found)])
    told_apart = _told_apart(words, capital)
    return _lowered(text, [found for found in capital if _may_fold(found, told_apart)])


def _may_fold(found: re.Match[str], told_apart: Collection[str]) -> bool:
    word = found["word"]
    if _is_measured(found):
        return False
    if word == "I" or word.startswith(("I'", "I\u2019")):
        return True
    if len(word) == 1:
        return word == "A" and _starts_sentence(found)
    only_written_so = word[1:].lower() == word[1:] or (len(word) >= _STRESSED and word.upper() == word)
    return only_written_so and word.lower() not in told_apart


def _is_measured(found: re.Match[str]) -> bool:
    """True if it is a unit, or has digits of its own, as in 5V and X2."""
    word = found["word"]
    if any(map(str.isdigit, word)):
        return True
    return len(word) <= _UNIT and bool(_AFTER_NUMBER.search(found.string[max(0, found.start() - 2) : found.start()]))


def _starts_sentence(found: re.Match[str]) -> bool:
    begin = max(0, found.start() - _BEFORE)
    before = found.string[begin : found.start()]
    return bool(_SENTENCE_STARTS.search(before if begin == 0 else f"_{before}"))


def _is_shouted(text: str, words: Sequence[re.Match[str]]) -> bool:
    """True if the whole text is in capitals, so that they say nothing about a word."""
    if not all(found["word"].upper() == found["word"] for found in words):
        return False
    longest = max((len(found["word"]) for found in words), default=0)
    return longest >= _NO_ACRONYM and 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))


def _told_apart(words: Sequence[re.Match[str]], capital: Sequence[re.Match[str]]) -> set[str]:
    """The words that stand in the text in more than one case, as `may` and `May`."""
    small = {found["word"] for found in words} - {found["word"] for found in capital}
    within = {found["word"] for found in capital if not _starts_sentence(found)}
    written = Counter(map(str.lower, small | within))
    return {word.lower() for word in within if written[word.lower()] > 1}


def _lowered(text: str, words: Sequence[re.Match[str]]) -> str:
    parts, end = [], 0
    for found in words:
        parts += [text[end : found.start()], found["word"].lower()]
        end = found.end()
    return "".join((*parts, text[end:]))
