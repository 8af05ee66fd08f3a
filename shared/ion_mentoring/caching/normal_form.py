"""The normal form of a question: two texts share one exactly where nothing that may change the answer tells them apart.

In prose that is spacing, width, and the case of words that are only written so. Code is kept as it is, whether it stands in
backticks or quotes or shows by its own signs. Where a rule is in doubt it keeps: two entries for one question cost a call,
one entry for two questions is a wrong answer.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from ion_mentoring.caching.letter_case import QUOTED, folded
from ion_mentoring.understanding.folding import stream_safe

VERSION: Final = "2"  # a part of each key: raise it with any change, here or to the case of letters, that brings texts together

_LINE_END: Final = re.compile(r"\r\n?")
_QUOTED: Final = re.compile(QUOTED)
# Full and half width, small forms, what PDFs make of fi and ..., the micro sign: looks alone. Exponents, fractions and circles
# are more than that. Quotation marks are left out, so that what is quoted stays the same.
_WIDE: Final = r"[\u00b5\u2011\u2026\ufb00-\ufb06\ufe50-\ufe6f\uff01\uff03-\uff06\uff08-\uff3f\uff41-\uffee]+"
_WIDTH: Final = re.compile(_WIDE)
_LAID: Final = re.compile(rf"{QUOTED}|(?P<wide>{_WIDE})|(?P<space>\s\s+|[^\S ])")
_KEYWORD: Final = r"(?:def|class|import|from|func|fn|let|const|var|return|public|private|package|using)\s"
_CODE: Final = re.compile(
    r"[\\`{}\[\]=<>|]|::|&&|&[A-Za-z]|[A-Za-z0-9]_|_[A-Za-z0-9]|\w\*|\*\w|\$[A-Za-z(]|%[A-Za-z]|[A-Za-z0-9]\((?!s\))"
    rf"""|[\w)"'];[ \t]*$|(?:^|\s)--?[A-Za-z]|//|\#(?:include|!)|^[ \t]*{_KEYWORD}.*\n|\n[ \t]*{_KEYWORD}"""
    r"|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\b",
    re.ASCII | re.MULTILINE,
)
_INDENTED: Final = re.compile(r"[ \t]+(\S)")
# A question that is one without its mark, unlike `I quit?` and `돼요?`.
_ASKS: Final = re.compile(
    r"(?:how|what|why|when|where|who|whose|which"
    r"|(?:should|can|could|would|will|may|must|am|is|are|was|were|does|did) (?:i|we|you|they|he|she|it|this|that|there|my|the)"
    r"|(?:do|have|has) (?:i|we|you|they)) [^.!?:]*[^\W\d_]\?$"
)


def normalised(text: str) -> str:
    """A text as far as its answer depends on it."""
    text = _LINE_END.sub("\n", unicodedata.normalize("NFC", stream_safe(text))).strip()
    if _is_code(_WIDTH.sub(_narrow, _QUOTED.sub("", text))):
        return text
    form = folded(unicodedata.normalize("NFC", stream_safe(_LAID.sub(_flat, text))).strip())
    return form[:-1] if _ASKS.match(form) else form


def _flat(found: re.Match[str]) -> str:
    if found["space"]:
        return " "
    return _narrow(found) if found["wide"] else found[0]


def _narrow(wide: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", stream_safe(wide[0]))


def _is_code(text: str) -> bool:
    return bool(_CODE.search(text)) or _is_laid_out(text.split("\n"))


def _is_laid_out(lines: list[str]) -> bool:
    """True if indentation says something: it opens a block or a list in a list, or comes more than once."""
    indented = 0
    for before, line in pairwise(lines):
        if begins := _INDENTED.match(line):
            indented += 1
            if indented > 1 or before.rstrip().endswith((":", "(", ",")) or begins[1] in "-*+":
                return True
    return False
