"""Names with a title, numbers, addresses and accounts of somebody, in both languages."""

import re
from typing import Final

from ion_mentoring.masking.forms import IBAN, KOREAN_DIGITS, PASSPORT, SPELLED_AT, STREETS

# The family names of nearly everybody in Korea; with a title or 씨 they make a person, "우리 팀장" is nobody yet.
_FAMILY_NAMES: Final = "".join(
    (
        "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주구민진지엄채",
        "원천방공현함변염여추소석선설마길연위표명기반왕금옥육인맹제모",
    )
)
_TITLES: Final = "대리|과장|차장|부장|팀장|실장|이사|상무|전무|대표|사장|교수|선생|씨|님"
_NOBODY: Final = (
    "손님|선생|주차|방금|지금|하는|주는|어떤|여기|이런|조금|이번|최근|전체|전임|현재|"
    "현임|신임|고객|유명|구매|인사|홍보|기획|연구|공장|지점|본부|마케팅|원장"
)
_ENGLISH_TITLES: Final = "Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Madam"
_RELATIONS: Final = "manager|boss|colleague|coworker|teammate|friend|wife|husband|partner|mentor|lead|director|CEO|CTO|HR"
_OWN: Final = "e-?mail|phone number|number|address|account|password|passport|licen[cs]e|card|ID|id|login|username"

SIGNS: Final = re.compile(
    "|".join(
        (
            r"\S@\S",  # e-mail, accounts
            rf"[\w.-]\s{{0,3}}(?:{SPELLED_AT})\s{{0,3}}\w",  # the same, spelled
            r"\b(?:gmail|naver|daum|hanmail|kakao)\.?\s?(?:com|net|점|닷컴)",
            r"(?<!\w)[@#]\w{2,}",  # handles
            r"(?:\d[\s().-]?){5,}",  # phone, resident registration, card, account numbers, postcodes, coordinates
            rf"(?:[{KOREAN_DIGITS}][\s.-]?){{7,}}",  # a phone number in words: 공일공 일이삼사
            r"https?://|www\.|\w\.(?:com|net|org|io|kr)\b",  # links lead to people
            r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){4,}",  # addresses of machines
            IBAN,
            PASSPORT,
            r"\b[A-Z]{1,2}\d{7,8}\b|\d{2,3}\s?[가-힣]\s?\d{4}",  # other countries' passports; number plate
            r"\b[Mm]y (?:\w{1,20} )?name is\b|\b(?:[Cc]all me|[Nn]amed) [A-Z][a-z]+|\b[Ii]['’]?\s?a?m [A-Z][a-z]+ [A-Z][a-z]+",
            rf"\b(?:{_ENGLISH_TITLES})\.? [A-Z][a-z]+|\b[Mm]y (?:\w{{1,20}} )?(?:{_RELATIONS}),? [A-Z][a-z]",
            rf"\b[Mm]y (?:\w{{1,20}} )?(?:{_OWN})\b",
            r"(?:제|내|저의|나의)\s*(?:이름|성함|번호|주소|계좌|카드|주민|전화|연락처|여권|면허|아이디|비밀번호|사번|생일|학번)",
            r"이름은|아이디는|비밀번호는\s?[A-Za-z0-9]|연락처는|전화번호는|주소는|사번은|생년월일|주민등록|주민번호|계좌번호",
            r"[가-힣]{2,4}(?:이라고|라고)\s*(?:합니다|해요|불러)",
            rf"(?<![가-힣])(?!우리|저희|{_NOBODY})[{_FAMILY_NAMES}][가-힣]{{0,2}}\s?(?:{_TITLES})",
            rf"\b\d{{1,5}}[a-z]? (?:[A-Z][a-z]{{1,20}} ){{1,3}}(?i:{STREETS})\b",
            r"\b(?:[Ss]treet|[Aa]venue|passport|account number)\b",
            r"\b(?:born (?:on|in)|birthday|date of birth|SSN|social security)\b|\d{2,4}년\s?\d{1,2}월\s?\d{1,2}일\s?생",
            r"[가-힣](?:시|도)\s[가-힣]{1,8}(?:구|군|시)\s|(?<!격주)(?<!으)[가-힣\d](?:로|길)\s?\d|\d동\s?\d+호|[가-힣](?:아파트|빌라|오피스텔)\s?\d",
        )
    )
)
