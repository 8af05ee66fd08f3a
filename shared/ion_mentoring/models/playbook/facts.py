"""The person's own words that an answer takes up: the clause with a figure in it, or a short one that says what happened."""

import re
from typing import Final

LONGEST: Final = 64  # characters of what is quoted
LONGEST_KOREAN: Final = 40
READ: Final = 600  # characters of a text in which clauses are looked for
SHORTEST: Final = 4
_CLAUSE: Final = re.compile(
    r"[.!?。…\n;]+|,\s|(?<=[가-힣](?:데|고|서|만|니|요))\s(?=\S+\s)|\s(?:and|but|so|because)\s", re.IGNORECASE
)
_FIGURE: Final = re.compile(r"\d|[두세네]\s?(?:번|달|명|시간|주)|\b(?:two|three|four|five|six|ten|twenty) \w+", re.IGNORECASE)
# Who somebody is, which is no news to them: an age, years in a job, a grade.
_ABOUT_SELF: Final = re.compile(
    r"^\W*(?:i.?m|i am|im|me,?)? ?(?:a |an |only |just |turning )?\d+(?: ?(?:yo|years?(?: old| in)?|th grade))?\W*$"
    r"|\d+ ?(?:살|세|년 ?차|학년|대)(?:이|인|예|입|의|고|라|$|\s)"
    r"|(?:지|한 지) \d+ ?(?:년|개월|달) ?(?:된|됐|차)|^\d+ ?(?:years?|months?) (?:in|old|on)$",
    re.IGNORECASE,
)
# The beginning of a question, of which nobody needs to hear that they asked it.
_ASKS: Final = re.compile(
    r"^\W*(?:(?:so|but|and|ok|also) )?(?:do|does|did|is|are|am|was|were|can|could|should|shall|would|will|have|has|how|what|why"
    r"|when|where|which|who)\b",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"\S*(?:://|www\.|@)\S*")
_HANGUL: Final = re.compile("[가-힣]")
_ENDS_WELL: Final = re.compile(r"(?:요|니다|어|음|임|[^가-힣\s])$")
_BEGINS_WELL: Final = re.compile(
    r"^(?:(?:i|we|he|she|they|it|there|this|that|these|those|my|our|his|her|their|the|an?|no|only|about|almost|over|some|all"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|twenty)\b|[$£€₩\d])",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"[{}<>`\\|]|_{2,}")


def clauses(text: str) -> list[str]:
    """The clauses of a text that are short enough to quote, without quotation marks around them."""
    found = (clause.strip(" \t\"'“”‘’~^-·,") for clause in _CLAUSE.split(_LINK.sub("\n", text[:READ])))
    return [one for one in found if " " in one and SHORTEST <= len(one) <= _longest(one) and not _CODE.search(one)]


def _longest(clause: str) -> int:
    return LONGEST_KOREAN if _HANGUL.search(clause) else LONGEST


def figure(text: str) -> str | None:
    """The clause, no question, that gives a figure which is not only about who they are; None if there is none."""
    given = (clause for clause in clauses(text) if _FIGURE.search(clause) and not _ABOUT_SELF.search(clause))
    return next((clause for clause in given if f"{clause}?" not in text and not _ASKS.search(clause)), None)


def whole(clause: str) -> bool:
    """True for a clause that can stand by itself; one that breaks off ("3년찬데") or begins in the middle sounds chopped."""
    return (_ENDS_WELL if _HANGUL.search(clause) else _BEGINS_WELL).search(clause) is not None


def said(text: str) -> str | None:
    """The clause that is taken up: the one with a figure, or else the last that is no question."""
    told = [clause for clause in clauses(text) if f"{clause}?" not in text]
    return figure(text) or (told[-1] if told else None)
