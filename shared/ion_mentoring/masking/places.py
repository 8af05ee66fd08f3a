"""Forms of addresses at which somebody lives or works: a road or a block with a number."""

import re
from collections.abc import Iterator
from typing import Final

from ion_mentoring.masking.forms import ALONE, STREETS
from ion_mentoring.masking.numbers import Span

_MORE_STREETS: Final = (
    f"{STREETS}|St|Ave|Blvd|Dr|Ln|Rd|Court|Ct|Place|Terrace|Square|Way|Crescent|Close|Gardens|Grove|Row|Hill|Parkway|Mews"
)
_STREET: Final = rf"(?:{_MORE_STREETS}|{_MORE_STREETS.upper()})(?![A-Za-z])"
_UNIT: Final = r"(?:,? (?:#|(?i:Apt|Apartment|Unit|Suite|Ste|Flat|Room)\.? ?)#?\w{1,6}| #\w{1,6})?"
_LIVES: Final = "address|live at|lives at|moved to|ship to|deliver to|home"
_COUNTERS: Final = "번|분|명|시간|년|월|일|원|개|건|살|점|등|회|배|주|달|퍼센트|쪽|인"
_SAID: Final = (  # how a sentence goes on after the number of a house
    r"(?![\d:.%])(?=$|[^가-힣\w]|에|로|이|입|예|인|가|번지|호|층)" + rf"(?! (?:{_COUNTERS})(?:[^가-힣]|$))"
)
_DISTRICT: Final = r"(?:[가-힣]{2,4}(?:시|군|구|읍|면)|[동서남북중]구)"
_ROAD: Final = r"[가-힣][가-힣\d]{1,10}(?:대로|로|길)"
_BUILDING: Final = r"(?:,? ?[가-힣A-Za-z]{0,12}(?:아파트|빌라|오피스텔|마을|타워|빌딩)?)?"
_INSIDE: Final = rf"(?:(?:{_BUILDING} ?\d{{1,4}}동)? ?,? ?(?:지하 ?)?\d{{1,4}}(?:호|층))?"
_KOREAN_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_DISTRICT} ({_ROAD}(?: ?\d{{1,4}}번?길)? ?\d{{1,4}}(?:-\d{{1,4}})?{_SAID}{_INSIDE})",
        rf"(?:주소|배송지|사는 곳)[^\n\d]{{1,16}}({_ROAD} ?\d{{1,4}}(?:-\d{{1,4}})?{_SAID}{_INSIDE})",
        rf"{_ROAD} ?\d{{1,4}}번?길 ?\d{{1,4}}(?:-\d{{1,4}})?{_SAID}{_INSIDE}",
        rf"{_DISTRICT} ([가-힣]{{1,6}}(?:동|리|\d가) ?\d{{1,5}}(?:-\d{{1,4}})?{_SAID}(?:번지)?{_INSIDE})",
        r"[가-힣]{1,6}(?:동|리|\d가) ?\d{1,5}(?:-\d{1,4})?번지",
        r"(?:[가-힣A-Za-z]{1,12}(?:아파트|빌라|오피스텔|맨션|마을|캐슬|자이|래미안) ?)?(?<!\d)\d{1,4}동 ?\d{1,4}호",
    )
)
_ENGLISH_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?:(?i:Flat|Apt|Unit) \w{{1,5}}, )?{ALONE}\d{{1,5}}[A-Z]? (?:[NSEW]\.? )?"
        rf"(?:[A-Z][\w']{{1,20}} ){{1,3}}{_STREET}\.?{_UNIT}",
        rf"{ALONE}(?:\d{{1,4}}-\d{{1,4}}, )?\d{{1,5}}(?:-\d{{1,4}})? [A-Z][\w\-]{{1,25}}"
        r"-(?i:ro|daero|gil)(?![a-z])(?: \d{1,4}(?i:beon)?-(?i:gil))?",
        r"(?i:(?<![a-z])P\. ?O\. ?Box \d{1,6})",
        rf"(?i:(?:{_LIVES})\W{{1,3}}(?:is )?(\d{{1,5}} (?:[a-z']{{2,20}} ){{1,3}}(?:{_MORE_STREETS})(?![a-z])))",
    )
)
# What an address cannot be without: one cheap look for each language.
_KOREAN: Final = re.compile(r"(?:로|길|동|리|가) ?\d|\d동")
_ENGLISH: Final = re.compile(rf"\d[A-Z]? [A-Z]|-(?i:ro|daero|gil)(?![a-z])|(?i:box \d|(?:{_LIVES})\W)")


def addresses(text: str) -> Iterator[Span]:
    """Addresses from their road or block on; the name of a city or a district alone is nobody's."""
    forms = (*(_KOREAN_FORMS if _KOREAN.search(text) else ()), *(_ENGLISH_FORMS if _ENGLISH.search(text) else ()))
    for form in forms:
        for found in form.finditer(text):
            yield found.span(1) if found.lastindex else found.span()
