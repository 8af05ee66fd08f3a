"""The language of a question, told by script and little words: enough to choose between ours and to name the others."""

import math
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

from ion_mentoring.understanding.latin import latin_language
from ion_mentoring.understanding.pasted import own_lines

# The word by which Unicode names a script's letters, and the language that it is taken for.
SCRIPTS: Final = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "HEBREW": "he",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "LATIN": "en",
}
KOREAN_SHARE: Final = 0.1  # of the letters: a Korean sentence keeps its particles however many code words it holds
KANA_SHARE: Final = 0.1  # of the letters: a ツ makes faces anywhere
READ: Final = 400  # characters of a line: enough to tell
EDGE: Final = 50  # lines at the beginning, and as many at the end: who asks does so there

_MARKED: Final = re.compile(r"[?？][\s\"'”’)]*$")  # the full-width one, too
_WANTS: Final = re.compile(
    r"^\W*(?:please|can|could|would|how|what|why|where|which|who|when|help|explain|translate|summari[sz]e|fix|check|review|"
    r"correct|rewrite|tell|is|are|do|does|did|should)\b|:\s*$"
    r"|(?:나요|까요?|[세네가]요|주세요|줘요?|줄래요?|는지|[냐니]|모르겠\w*|싶\w*|부탁\w*|도와\w*)[\s.!~…ㅠㅜㅋㅎ]*$",
    re.IGNORECASE,
)
_SPEAKS: Final = re.compile(r"(?:[요죠래데네지]|겠다|겠어)[\s.!~…ㅠㅜㅋㅎ]*$")
_CRIES: Final = re.compile("[ㄱ-ㅎㅏ-ㅣ]+")  # ㅋㅋ and ㅠㅠ stand beside any language


def language_of(text: str) -> str:
    """The language code of what is asked; English where no letter tells.

    Korean wins from a small share on, and Japanese over Chinese by any kana, since both mix scripts. Where lines of several
    languages were sent, the one is meant that asks at the beginning or the end: beside it, the others were pasted. What is
    written in Latin letters is told by its little words.
    """
    found = "en" if text.isascii() else _by_script(text)
    return _latin(text) if found == "en" else found


def _by_script(text: str) -> str:
    if "\n" not in text and len(text) <= READ:
        return _told(_letters(text))
    lines = _edges(own_lines(text))
    return (_asked(lines) if lines else None) or _told(sum(map(_letters, lines), Counter()))


def _latin(text: str) -> str:
    """Of what somebody says, without what was pasted: code is full of words of no language."""
    if "\n" not in text:
        return latin_language(text[:READ])
    return latin_language(" ".join(line[:READ] for line in _edges(own_lines(text))))


def _edges(lines: list[str]) -> list[str]:
    return lines if len(lines) <= 2 * EDGE else lines[:EDGE] + lines[-EDGE:]


def _asked(lines: list[str]) -> str | None:
    """The language of the line that asks, first or last, the clearer one of both; None where neither does."""
    letters: Counter[str] = Counter()
    for line in lines:
        seen = _letters(_CRIES.sub("", line))
        letters[_told(seen)] += seen.total()
    asking = [(_asks(line), _told(_letters(line))) for line in (lines[0], lines[-1])]
    if not any(asks for asks, _ in asking):
        return None
    return max(asking, key=lambda one: one[0] and one[0] + _brief(letters, one[1]))[1]


def _asks(line: str) -> int:
    """The clarity with which a line asks: by its mark, by its words, or by speaking to somebody; 0 where it does not."""
    if _MARKED.search(line):
        return 3
    return 2 if _WANTS.search(line) else int(_SPEAKS.search(line) is not None)


def _brief(letters: Counter[str], language: str) -> float:
    """The share by which less is said in a language than in the one that most is said in, in [0, 1]; 1 is a fourth."""
    most = max(1, *letters.values())
    return min(1.0, math.log2(most / max(1, letters[language])) / 2)


def _letters(line: str) -> Counter[str]:
    """The letters of a line by language."""
    return Counter(language for char in line[:READ] if (language := _language(char)))


@lru_cache(maxsize=4096)
def _language(char: str) -> str:
    if not char.isalpha():
        return ""
    return SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "en")


def _told(letters: Counter[str]) -> str:
    if not letters:
        return "en"
    if letters["ko"] >= KOREAN_SHARE * letters.total():
        return "ko"
    if letters["ja"] > KANA_SHARE * letters.total():
        return "ja"
    return letters.most_common(1)[0][0]
