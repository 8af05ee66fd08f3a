"""Short texts that a person or a model reads, by name and language, from `texts.toml`."""

import re
from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Bilingual
from ion_mentoring.resources import paths, read_data

TEXTS = "ion_mentoring/catalogue/texts.toml"
LANGUAGES: Final = ("ko", "en")

# A language range and its weight (RFC 9110, 12.4.2 and 12.5.4). Digits are those of ASCII: `"²".isdigit()` holds, too.
_RANGE: Final = re.compile(
    r"[ \t]*(?P<language>[A-Za-z]{1,8})(-[A-Za-z0-9-]*)?[ \t]*(;[ \t]*[qQ]=(?P<weight>0(\.[0-9]{0,3})?|1(\.0{0,3})?)[ \t]*)?"
)

# A Korean particle in both its forms, after a syllable and perhaps a closing quote: 루아이(가), ‘팀’을(를).
_PARTICLE: Final = re.compile(r"([가-힣])([’”\"']?)(이\(가\)|을\(를\)|은\(는\)|과\(와\))")
_FIRST, _FINALS = ord("가"), 28  # each 28th syllable from the first one ends in a vowel


@cache
def _texts() -> dict[str, Bilingual]:
    return read_data(dict[str, Bilingual], paths(TEXTS)[0])


def localized(text: str, language: str, /, **values: object) -> str:
    """The text of that name in a language (English for any but Korean) with its slots filled; KeyError if unknown.

    Of a Korean particle that stands in both forms, such as 이(가), the one that fits the sound before it is left.
    """
    filled = _texts()[text].in_(language).format(**values)
    return _PARTICLE.sub(_fitting, filled) if language == "ko" else filled


def _fitting(found: re.Match[str]) -> str:
    last, quote, both = found.groups()
    closed = (ord(last) - _FIRST) % _FINALS != 0
    return last + quote + (both[0] if closed else both[2])


def preferred(accept_language: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) puts first; English where it names none."""
    ranked: list[tuple[float, int, str]] = []
    for place, entry in enumerate(accept_language.split(",")[:20]):
        found = _RANGE.fullmatch(entry)
        if found and (language := found["language"].lower()) in LANGUAGES:
            weight = float(found["weight"] or 1)
            ranked += [(-weight, place, language)] if weight else []
    return min(ranked)[2] if ranked else "en"
