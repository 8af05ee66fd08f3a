"""The sound of Korean, in Latin letters: what is spelled as one hears it is read like what is spelled well.

A final consonant moves over a silent ㅇ, and letters that are mistaken for each other are one: `쥭고시퍼` is `죽고 싶어`.
"""

import re
from typing import Final

_STRETCHED: Final = re.compile(r"(.)\1{2,}")
_INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
# What each letter counts as: tense and aspirated as plain, y-vowels as plain, ㅐ as ㅔ.
_INITIAL_AS: Final = "ggnddrmbbssxjjjkdbh"
_VOWEL_AS: Final = "aeaeoeoewwwwwuwwwuiii"
_FINAL_AS: Final = " gggnnndrrrrrrrrmbbssxjjkdbh"
_FINAL_NG: Final = 21


class _Sounds(dict[int, str]):
    """The sound of each character, found out when first met."""

    def __missing__(self, code: int) -> str:
        sound = self[code] = _sound(code)
        return sound


def _sound(code: int) -> str:
    if 0xAC00 <= code <= 0xD7A3:
        initial, rest = divmod(code - 0xAC00, 588)
        vowel, final = divmod(rest, 28)
        silent = "" if _INITIALS[initial] == "ㅇ" else _INITIAL_AS[initial]
        end = "q" if final == _FINAL_NG else _FINAL_AS[final] if final else ""
        return silent + _VOWEL_AS[vowel] + end
    char = chr(code)
    if char in _INITIALS:
        return _INITIAL_AS[_INITIALS.index(char)]
    return _VOWEL_AS[_VOWELS.index(char)] if char in _VOWELS else ""


_SOUNDS: Final = _Sounds()


def sound_of(hangul: str) -> str:
    """The sound of Hangul; of any other character nothing. Letters that are drawn out count once."""
    return _STRETCHED.sub(r"\1", hangul.translate(_SOUNDS))
