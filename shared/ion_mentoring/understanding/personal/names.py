"""Names of people: Korean ones by their form, others by a capital letter where no other word has one."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ion_mentoring.understanding.personal.known_words import known
from ion_mentoring.understanding.personal.signs import filled, words

_KOREAN_WORD: Final = re.compile("(?<![가-힣])[가-힣]{2,7}")
_HANGUL: Final = re.compile("[가-힣]")
_CAPITAL: Final = re.compile(r"(?<![.\w@/#])[A-ZÀ-Þ][a-zß-ÿ]+(?:['’-][A-Z]?[a-z]+)*(?![\w@/(]|\.\w)")
_SEVERAL: Final = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+")
_BEGINS: Final = re.compile(r"(?:^|[.?!:;\n\"“(]\s*)$")
_WORD: Final = re.compile(r"[a-z]+")
_NO_NAME: Final = re.compile(
    r"(?:ing|ed|ly|tion|sion|ment|ness|ity|ies|ism|ful|less|ance|ence|ship|ware|work|book|day|time|thing|body|one|ers|ors|ists|"
    r"ology|ics|ess)$"
)


class _Names(NamedTuple):
    family: frozenset[str]
    korean: re.Pattern[str]
    subject: re.Pattern[str]
    related: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Names:
    closed = "".join(one for one in words("second") if (ord(one) - 0xAC00) % 28)  # syllables that end in a consonant
    korean = "|".join(words("korean_name").replace("{closed}", closed).splitlines())
    return _Names(
        frozenset(words("family")),
        re.compile(korean),
        re.compile(filled(r"(?:^|[.?!]\s+)([A-ZÀ-Þ][a-zß-ÿ]+)(?:['’]s| (?:<does>))\b")),
        re.compile(filled(r"\b(?:my|our|her|his|their|the) (?:\w+ )?(?:<relation>),? ([a-z]+)\b")),
    )


def tells(text: str) -> bool:
    """True if somebody seems to be named."""
    return _korean(text) or _western(text)


def _korean(text: str) -> bool:
    if text.isascii():
        return False
    if any(found.group() not in known("ordinary_korean") for found in _patterns().korean.finditer(text)):
        return True
    return any(_given(word) for word in _KOREAN_WORD.findall(text))


def _given(word: str) -> bool:
    """True for a given name with a particle, or with a family name."""
    if word[:2] in known("given_names") and word[2:] in known("particles") and word[:2] not in known("ordinary_korean"):
        return True
    whole, after = word[:3], word[3:]
    if whole[0] not in _patterns().family or whole[1:] not in known("given_names") or whole in known("ordinary_korean"):
        return False
    return not after or after in known("particles")


def _western(text: str) -> bool:
    capitals = [found for found in _CAPITAL.finditer(text) if _bare(found.group()) not in known("capitalised")]
    if any(_bare(found.group()) in known("first_names") for found in capitals):
        return True
    if len(capitals) * 2 > text.count(" ") + 1:  # everything is written so
        return False
    if not text.isascii() and _HANGUL.search(text):
        return _SEVERAL.search(text) is not None and len(capitals) > 1
    if any(_a_name(name.lower()) for name in _patterns().subject.findall(text)):
        return True
    if any(_a_name(_bare(found.group())) and not _BEGINS.search(text, 0, found.start()) for found in capitals):
        return True
    if any(name in known("first_names") for name in _patterns().related.findall(text)):
        return True
    return text.islower() and any(
        word in known("first_names") and word not in known("words_too") for word in _WORD.findall(text)
    )


def _a_name(word: str) -> bool:
    """True for what is no word that many sentences have."""
    return word not in known("capitalised") and word not in known("subjects") and _NO_NAME.search(word) is None


def _bare(word: str) -> str:
    """The word without what is joined to it: of `Priya's` the name."""
    return re.split("['’-]", word.lower())[0]
