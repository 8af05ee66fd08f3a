"""Forms of numbers that are one person's: resident, foreigner and passport numbers, cards, accounts."""

import re
from collections.abc import Iterator
from typing import Final

from ion_mentoring.masking.forms import ALONE, ENDS, IBAN, PASSPORT

_RESIDENT: Final = re.compile(
    rf"{ALONE}(\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))([ \t.\-_/]{{0,3}})([0-9](?: ?\d){{6}}){ENDS}"
)
_OF_A_PERSON: Final = re.compile(r"주민|외국인|거소|(?i:rrn|resident|jumin|\barc\b|alien|foreigner)")
_CARD: Final = re.compile(rf"(?<![0-9A-Za-z])(?<!\d[ \-.])[2-69](?:[ .\-_/]{{0,2}}\d){{12,18}}(?![ \-]?\d){ENDS}")
_PASSPORT: Final = re.compile(PASSPORT, re.IGNORECASE)
_NAMED_PASSPORT: Final = re.compile(
    r"(?:여권|passport)[^\d\n]{0,24}?(?<![0-9A-Za-z])((?=[A-Z0-9 \-]{0,4}\d)[A-Z0-9](?:[ \-]?[A-Z0-9]){6,10})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_BANKS: Final = "은행|뱅크|농협|국민|신한|우체국|새마을금고|신협|수협|기업|하나|우리"
_NUMBER: Final = r"(?!(?:19|20)\d\d[\-./]\d{1,2}[\-./]\d{1,2}(?!\d))\d(?:[ \-]{0,2}\d){8,15}"
_NO_SUM: Final = r"(?! ?(?:원|won|달러|건|명|개|bytes|바이트))(?![,.]?\d)"
_ACCOUNT: Final = re.compile(
    rf"(?:계좌|통장|입금|{_BANKS}|(?i:account|acct|routing|savings|bank))[^\d\n]{{0,24}}?{ALONE}({_NUMBER}){ENDS}{_NO_SUM}"
)
_SHORT_ACCOUNT: Final = re.compile(rf"(?i:account|acct)(?: (?:no\.?|number|is))* ?:? ?(\d{{8}}){ENDS}{_NO_SUM}")
_SORT_CODE: Final = re.compile(rf"(?i:sort code)[^\d\n]{{0,8}}(\d\d-?\d\d-?\d\d){ENDS}")
_BEFORE_A_BANK: Final = re.compile(rf"{ALONE}({_NUMBER}){ENDS}(?= ?\(?(?:{_BANKS}|(?i:shinhan|kakaobank|woori|hana bank)))")
_IBAN: Final = re.compile(IBAN)
_GROUP: Final = re.compile(r"\d+")
_LEAST_DIGITS: Final = 5
MOST_IN_A_GROUP: Final = 6  # of a card
USUAL: Final = 16  # digits of a card
ALWAYS_USUAL: Final = (2, 9)  # how cards begin that all have so many

Span = tuple[int, int]


def residents(text: str) -> Iterator[Span]:
    """Korean resident and foreigner numbers: a day of birth, and seven digits of which the first is a century and a sex."""
    for found in _RESIDENT.finditer(text):
        written_as_one = not found[2] and found[3][0] in "90"  # of the 19th century: nobody lives
        goods = _barcode(found[0]) and not _told_before(text, found.start())
        if not (written_as_one or goods):
            yield found.span()


def passports(text: str) -> Iterator[Span]:
    """Korean passport numbers by their form, any other where somebody says that it is one."""
    for found in _PASSPORT.finditer(text):
        yield found.span()
    for found in _NAMED_PASSPORT.finditer(text):
        if sum(letter.isdigit() for letter in found[1]) >= _LEAST_DIGITS:
            yield found.span(1)


def cards(text: str) -> Iterator[Span]:
    """Numbers of 13 to 19 digits whose last one is right (ISO/IEC 7812, Luhn)."""
    for found in _CARD.finditer(text):
        groups = _GROUP.findall(found[0])
        digits = [int(letter) for letter in "".join(groups)]
        grouped = len(groups) == 1 or max(map(len, groups)) <= MOST_IN_A_GROUP
        if grouped and (len(digits) == USUAL or digits[0] not in ALWAYS_USUAL) and luhn(digits):
            yield found.span()


def accounts(text: str) -> Iterator[Span]:
    """Numbers that a bank is named with, and IBANs."""
    for form in (_ACCOUNT, _SHORT_ACCOUNT, _SORT_CODE, _BEFORE_A_BANK):
        for found in form.finditer(text):
            yield found.span(1)
    for found in _IBAN.finditer(text):
        if _iban(found[0].replace(" ", "")):
            yield found.span()


def luhn(digits: list[int]) -> bool:
    """True if the last of some digits is the check digit of the others."""
    doubled = (digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _iban(text: str) -> bool:
    """ISO 13616: the remainder by 97 is 1."""
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def _barcode(text: str) -> bool:
    """True for the form of Korean goods: EAN-13 that begins with 880."""
    if not (text.startswith("880") and len(text) == 13 and text.isdigit()):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text)) % 10 == 0


def _told_before(text: str, at: int) -> bool:
    return _OF_A_PERSON.search(text[max(0, at - 24) : at]) is not None
