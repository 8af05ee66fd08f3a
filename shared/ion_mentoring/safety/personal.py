"""Whether a text may hold something personal; when in doubt it does, and its answer is kept to its own user."""

import re
from typing import Final

_SIGNS: Final = re.compile(
    r"""
    \S+@\S+                                 # e-mail, accounts
    | (?<!\w)[@#]\w{2,}                     # handles
    | (?:\d[\s().-]?){5,}                   # phone, resident registration, card and account numbers
    | https?://|www\.                       # links lead to people
    | \b[Mm]y\ (?:\w+\ )?name\ is\b|\b[Ii]['’]?\s?a?m\ [A-Z][a-z]+\ [A-Z][a-z]+
    | (?:제|내|저의|나의)\s*(?:이름|성함|번호|주소|계좌|카드|주민)|이름은|[가-힣]{2,4}(?:이라고|라고)\s*(?:합니다|해요|불러)
    | \b(?:street|avenue|passport|account\ number)\b
    | [가-힣]+(?:시|도)\s[가-힣]+(?:구|군|시)\s|[가-힣\d]+(?:로|길)\s?\d+|\d+동\s?\d+호
    """,
    re.VERBOSE,
)


def is_personal(text: str) -> bool:
    """True if anything in the text looks like a name, number, address or account of somebody."""
    return _SIGNS.search(text) is not None
