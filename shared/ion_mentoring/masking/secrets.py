"""Forms of what opens something: passwords, keys, tokens, and the credentials in an address."""

import re
from collections.abc import Iterator
from typing import Final

from ion_mentoring.masking.forms import JWT, VENDORS_KEYS
from ion_mentoring.masking.numbers import Span

_CREDENTIAL: Final = (
    r"pass(?:word|wd|phrase|code)|pwd|api[_\- ]?key|x-api-key|client[_\-]?secret|secret|(?:access|refresh|id|auth)?[_\-]?token|"
    r"session(?:[_\-]?id)?|credential|authorization|비밀번호|비번|암호|토큰|API ?키|시크릿|공유 ?키|비밀 ?값|login"
)
_VALUE: Final = r"[!-&(-.0-:<-~]"  # no quotation mark, no slash, no semicolon
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?:{_CREDENTIAL})[\"']?(?: ?=|[\"']?: ?(?=\S*[^\sa-z_]))[ \"']{{0,2}}((?!bearer|basic|\$){_VALUE}{{6,}})",
        rf"(?:{_CREDENTIAL})(?:\(|(?:은|는|이|가| is)? )[\"']?((?=\S*\d)(?=\S*[a-z!@#$%^&*]){_VALUE}{{8,}})",
        r"\b(?:login|credentials) (?:is|are)? ?\S{1,32} ?/ ?(\S{4,})",
        r"\b(?:door|access|entry|gate) code[^\d\n]{0,32}?(\d{4,8}[#*]?)",
        r"(?:출입|현관|도어락)[^\d\n]{0,16}?(\d{4,8}[#*]?)(?! ?[년월원])",
        r"\b(?:bearer|basic) +([a-z0-9._~+/=\-]{16,})",
        r"://[^/\s:@]+:([^@/\s]+)@",
    )
)
_CASED: Final = tuple(
    re.compile(form, re.DOTALL | re.ASCII)
    for form in (
        r"\bMII[A-Za-z0-9+/]{16,}={0,2}",  # how the base64 of most keys begins
        r"hooks\.slack\.com/services/([A-Za-z0-9/]+)",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
        JWT,
        VENDORS_KEYS,
    )
)
_LONG: Final = re.compile(r"(?<![\w\-])[A-Za-z0-9_\-]{24,}(?![\w\-])", re.ASCII)
_LOOKS_DRAWN: Final = tuple(re.compile(form) for form in ("[0-9]", "[A-Z]", "[a-z]"))
_HINTS: Final = (
    "pass",
    "pwd",
    "key",
    "secret",
    "token",
    "session",
    "credential",
    "author",
    "bearer",
    "basic",
    "login",
    "code",
    "://",
)
_KOREAN_HINTS: Final = ("비밀번호", "비번", "암호", "토큰", "키", "시크릿", "비밀", "출입", "현관", "도어락")


def secrets(text: str) -> Iterator[Span]:
    """Passwords, keys and tokens: of a known form, drawn by chance, or where somebody says that it is one."""
    small = text.lower()
    told = any(hint in small for hint in _HINTS) or (not text.isascii() and any(hint in text for hint in _KOREAN_HINTS))
    for form in (*_CASED, *(_FORMS if told else ())):
        for found in form.finditer(text):
            yield found.span(1) if found.lastindex else found.span()
    for found in _LONG.finditer(text):
        if all(letters.search(found[0]) for letters in _LOOKS_DRAWN):
            yield found.span()
