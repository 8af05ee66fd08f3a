"""A mentor's name in a turn, and what the turn asks beside it."""

import re
from typing import Final

_NAME: Final = r"(?:루아|엘로|리리|나나|\b(?:lua|elro|riri|nana)\b)"
_NAMED: Final = re.compile(_NAME, re.IGNORECASE)
_ADDRESS: Final = re.compile(rf"^\W*{_NAME}(?:야|아|님|씨)?(?:[,!:]|\s(?=[가-힣]))\s*", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
FEWEST_WORDS: Final = 3  # that are a question of their own


def named(text: str) -> bool:
    """True where a mentor's name stands in a text."""
    return _NAMED.search(text) is not None


def beside_name(text: str) -> str:
    """The text without the sentences that only call for a mentor; empty where little is left."""
    rest = [sentence for sentence in _SENTENCE_END.split(_ADDRESS.sub("", text)) if not named(sentence)]
    left = " ".join(rest).strip()
    return left if len(left.split()) >= FEWEST_WORDS else ""
