"""Which language a text is written in, told by its script: enough to choose between ours and to name the others."""

import unicodedata
from collections import Counter
from typing import Final

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
READ: Final = 400  # characters: enough to tell


def language_of(text: str) -> str:
    """The language code of a text; English where no letter tells.

    Korean wins from a small share on, and Japanese over Chinese by any kana, since both mix scripts.
    """
    if text.isascii():
        return "en"
    seen: Counter[str] = Counter()
    for char in text[:READ]:
        if char.isascii():
            seen["en"] += char.isalpha()
        elif char.isalpha():
            seen[SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "en")] += 1
    letters = seen.total()
    if not letters:
        return "en"
    if seen["ko"] >= KOREAN_SHARE * letters:
        return "ko"
    if seen["ja"]:
        return "ja"
    return seen.most_common(1)[0][0]
