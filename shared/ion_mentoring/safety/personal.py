"""Whether a text may hold something personal; when in doubt it does, and its answer is kept to its own user."""

import re
from typing import Final

# The family names of nearly everybody in Korea; with a title or 씨 they make a person, "우리 팀장" is nobody yet.
_FAMILY_NAMES: Final = "".join(
    (
        "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주구민진지엄채",
        "원천방공현함변염여추소석선설마길연위표명기반왕금옥육인맹제모",
    )
)
_TITLES: Final = "대리|과장|차장|부장|팀장|실장|이사|상무|전무|대표|사장|교수|선생|씨|님"
_SIGNS: Final = re.compile(
    "|".join(
        (
            r"\S+@\S+",  # e-mail, accounts
            r"(?<!\w)[@#]\w{2,}",  # handles
            r"(?:\d[\s().-]?){5,}",  # phone, resident registration, card and account numbers
            r"https?://|www\.",  # links lead to people
            r"\b[Mm]y (?:\w+ )?name is\b|\b[Ii]['’]?\s?a?m [A-Z][a-z]+ [A-Z][a-z]+",
            r"(?:제|내|저의|나의)\s*(?:이름|성함|번호|주소|계좌|카드|주민)|이름은",
            r"[가-힣]{2,4}(?:이라고|라고)\s*(?:합니다|해요|불러)",
            rf"(?<![가-힣])(?!우리|저희)[{_FAMILY_NAMES}][가-힣]{{0,2}}\s?(?:{_TITLES})",
            r"\b(?:[Ss]treet|[Aa]venue|passport|account number)\b",
            r"[가-힣]+(?:시|도)\s[가-힣]+(?:구|군|시)\s|[가-힣\d]+(?:로|길)\s?\d+|\d+동\s?\d+호",
        )
    )
)


def is_personal(text: str) -> bool:
    """True if anything in the text looks like a name, number, address or account of somebody."""
    return _SIGNS.search(text) is not None
