"""Korean reported speech made direct: "이름을 넣어 달라고" becomes "이름을 넣어 주실 수 있을까요?"

The endings are those of indirect quotation (National Institute of Korean Language, 외국인을 위한 한국어 문법 1, 2005): -다고,
-(이)라고, -자고, and -아/어 달라고 where something is asked for oneself.
"""

import re
from functools import cache, cached_property
from typing import Final

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.models.playbook.composing.spoken import Act, Spoken
from ion_mentoring.resources import paths, read_data

PATTERNS: Final = "ion_mentoring/models/playbook/composing/korean.toml"
BASE: Final = 0xAC00
FINALS: Final = 28
NIEUN, RIEUL, BIEUP = 4, 8, 17
VOWELS: Final = 21
BRIGHT: Final = (0, 2, 8)  # ㅏ, ㅑ, ㅗ, which take 아
CONTRACTIONS: Final = {8: 9, 13: 14, 18: 4, 20: 6, 11: 10}  # ㅗ to ㅘ, ㅜ to ㅝ, ㅡ to ㅓ, ㅣ to ㅕ, ㅚ to ㅙ
CONTRACTED: Final = {"하": "해", "드": "들어", "프": "파", "쁘": "빠"}
ME: Final = ("저", "나", "제", "내", "우리", "저희")
LONGEST: Final = 70  # characters of what is to be said


class _Book(Datum, frozen=True, kw_only=True):
    """The data file; `endings` by name."""

    who: str
    asks: str
    because: str
    filler: str
    reported: str
    clause: str
    endings: dict[str, str]


class _Grammar:
    """The patterns; those of clauses are made when a text is the first to ask for words."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self.asks = re.compile(book.asks)

    @cached_property
    def because(self) -> re.Pattern[str]:
        return re.compile(self._book.because)

    @cached_property
    def clause(self) -> re.Pattern[str]:
        return re.compile(self._book.clause)

    @cached_property
    def filler(self) -> re.Pattern[str]:
        return re.compile(self._book.filler)

    @cached_property
    def reported(self) -> re.Pattern[str]:
        return re.compile(self._book.reported)

    @cached_property
    def who(self) -> re.Pattern[str]:
        return re.compile(self._book.who)

    @cached_property
    def endings(self) -> dict[str, re.Pattern[str]]:
        return {name: re.compile(pattern) for name, pattern in self._book.endings.items()}


@cache
def _grammar() -> _Grammar:
    return _Grammar(read_data(_Book, paths(PATTERNS)[0]))


def _ends(name: str, text: str) -> str | None:
    """The words that the text reports with that ending."""
    found = _grammar().endings[name].match(text)
    return found["said"] if found else None


def asks(text: str) -> bool:
    """True for a text that may ask for words."""
    return _grammar().asks.search(text) is not None


def reason(text: str) -> str | None:
    """The clause that gives a reason."""
    found = _grammar().because.search(text)
    return found["said"] if found else None


def spoken(text: str) -> Spoken | None:
    """The words and the person they are for; None where the text says nothing that could be turned."""
    for clause in _grammar().clause.split(text):
        if not _grammar().reported.search(clause) and (one := _turned(clause.strip())):
            return one
    return None


def _turned(clause: str) -> Spoken | None:
    who = _grammar().who.search(clause)
    if who and who[1] in ME:
        return None
    left = clause[: who.start()] + " " + clause[who.end() :] if who else clause
    left = left.strip(" ,~")
    while (shorter := _grammar().filler.sub("", left)) != left:
        left = shorter
    found = _direct(left)
    if found is None or not 2 <= len(found[1]) <= LONGEST:
        return None
    return Spoken(found[0], found[1], found[2], (who[1] or who[2]) if who else "")


def _direct(text: str) -> tuple[Act, str, str] | None:
    """The act, and the words for it: formal, and to somebody close."""
    if said := _ends("not_to", text):
        return "request", f"{said}지 말아 주실 수 있을까요?", f"{said}지 말아 줄래?"
    if said := _ends("asked", text):
        return "request", f"{said} 주실 수 있을까요?", f"{said} 줄 수 있어?"
    if said := _ends("whether", text):
        return "asks", f"{said} 여쭤봐도 될까요?", f"{said} 물어봐도 돼?"
    if said := _ends("wish", text):
        return "tells", f"{said}고 싶어요.", f"{said}고 싶어."
    if said := _ends("will", text):
        return "tells", f"{said}겠습니다.", f"{said}{_joint(said[-1])}려고 해."
    return _stated(text)


def _stated(text: str) -> tuple[Act, str, str] | None:
    if said := _ends("is_", text):
        last = said[-1]
        return "tells", f"{said}{'예요' if last == '거' else '입니다'}.", f"{said}{'이야' if _final(last) else '야'}."
    if said := _ends("lets", text):
        joint = _joint(said[-1])
        return "request", f"{said}{joint}면 어떨까요?", f"{said}{joint}면 어때?"
    if said := _ends("states", text):
        return "tells", f"{_formal(said)}.", f"{_casual(said)}."
    return None


def _formal(stem: str) -> str:
    """The stem of -다고 with the ending of formal speech: 못 한 -> 못 합니다, 어렵 -> 어렵습니다, 늦는 -> 늦습니다."""
    last = stem[-1]
    if last == "는":  # 먹는다고
        return f"{stem[:-1]}습니다"
    final = _final(last)
    if final in (0, NIEUN, RIEUL):  # 아프다고, 간다고, 힘들다고
        return f"{stem[:-1]}{chr(ord(last) - final + BIEUP)}니다"
    return f"{stem}습니다"


def _casual(stem: str) -> str:
    """The stem of -다고 with the ending of casual speech: 못 간 -> 못 가, 어렵 -> 어려워, 늦는 -> 늦어."""
    if stem[-1] == "는":
        stem = stem[:-1]
    last, before = stem[-1], stem[:-1]
    final, vowel = _final(last), (ord(last) - BASE) // FINALS % VOWELS
    if final in (0, NIEUN):
        bare = chr(ord(last) - final)
        if bare == "르" and before:  # 모르 -> 몰라, 부르 -> 불러
            bright = (ord(before[-1]) - BASE) // FINALS % VOWELS in BRIGHT
            return f"{before[:-1]}{chr(ord(before[-1]) + RIEUL)}{'라' if bright else '러'}"
        return before + CONTRACTED.get(bare, chr(ord(bare) + (CONTRACTIONS.get(vowel, vowel) - vowel) * FINALS))
    if final == BIEUP and last not in "좁입잡뽑씹집업":
        return f"{before}{chr(ord(last) - final)}{'와' if last in '돕곱' else '워'}"
    return f"{stem}{'아' if vowel in BRIGHT and last != '있' else '어'}"


def _joint(last: str) -> str:
    """The vowel between a stem and -(으)면, -(으)려고."""
    return "" if _final(last) in (0, RIEUL) else "으"


def _final(syllable: str) -> int:
    """The number of a syllable's final consonant (Unicode 3.12), 0 for none."""
    return (ord(syllable) - BASE) % FINALS if "가" <= syllable <= "힣" else 0
