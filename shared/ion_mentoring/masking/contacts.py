"""Forms by which people are reached: phones and e-mail, as they are typed and as they are spelled."""

import re
from collections.abc import Iterator
from typing import Final

from ion_mentoring.masking.forms import ALONE, ENDS, KOREAN_DIGITS, SPELLED_AT
from ion_mentoring.masking.numbers import Span

_G: Final = r"[ \t.\-_/()]{0,3}"
_AREAS: Final = "2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[2-8]"
_D: Final = r"\d ?"
_PHONES: Final = tuple(
    re.compile(form)
    for form in (
        rf"{ALONE}\(?0 ?1 ?[016789]{_G}(?:{_D}){{3,4}}{_G}(?:{_D}){{3}}\d{ENDS}",  # mobile in Korea
        rf"{ALONE}\(?0(?:{_AREAS})[ \t.\-_/)]{{1,3}}\d{{3,4}}[ \t.\-_/]{{1,3}}\d{{4}}{ENDS}",
        r"(?<![0-9A-Za-z+])\+ ?\d{1,3}(?:[ \t.\-_/()]{0,4}\d){7,12}" + ENDS,  # with the code of a country
        rf"{ALONE}00(?:82|81|86|84|44|49|33|1)(?:[ \t.\-_/()]{{1,3}}\d{{1,4}}){{2,4}}{ENDS}",
        rf"{ALONE}(?:1[ .\-])?\(?(?!8(?:00|33|44|55|66|77|88))[2-9]\d\d\)?[ .\-]{{1,2}}[2-9]\d\d[ .\-]\d{{4}}{ENDS}",  # America
        rf"공[ .\-]?일[ .\-]?[공영일육칠팔구][ .\-]{{0,2}}(?:[{KOREAN_DIGITS}][ .\-]{{0,2}}){{6,7}}[{KOREAN_DIGITS}]",
    )
)
_LOCAL: Final = r"[\w.+'%\-]{1,64}"
_DOMAIN: Final = r"(?:[\w\-]{1,63}\.){1,5}(?:[A-Za-z]{2,24}|[가-힣]{2,10})"
_MAILS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_LOCAL} {{0,2}}@ {{0,2}}{_DOMAIN}",
        rf"{_LOCAL}%40{_DOMAIN}",
        rf"(?i:{_LOCAL} {{0,2}}(?:{SPELLED_AT}) {{0,2}}[\w\-]+(?: {{0,2}}(?:\.|\[dot\]|\(dot\)| dot |점) {{0,2}}[\w\-]+)+)",
        r"(?i:(?<![a-z])[\w.+\-]{2,64} at [\w\-]{2,63} dot (?:com|net|org|kr|io|edu|co|dev|me|info)(?![a-z]))",
    )
)
_MAY_BE_MAIL: Final = re.compile(rf"@|%40|{SPELLED_AT}| at ", re.IGNORECASE)


def phones(text: str) -> Iterator[Span]:
    """Phone numbers of people; free and national lines (080, 1588, 1-800) are nobody's."""
    for form in _PHONES:
        for found in form.finditer(text):
            yield found.span()


def mails(text: str) -> Iterator[Span]:
    """E-mail addresses."""
    if _MAY_BE_MAIL.search(text) is None:
        return
    for form in _MAILS:
        for found in form.finditer(text):
            yield found.span()
