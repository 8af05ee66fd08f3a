"""How many tokens a text costs, estimated before any model has counted them."""

import math
from typing import Final

CHARACTERS_A_TOKEN: Final = 4.0  # English prose, the rule of thumb that the vendors publish
HANGUL_A_TOKEN: Final = 1.2  # deliberately on the high side: a prompt may be shorter than allowed, never longer


def estimated_tokens(text: str) -> int:
    """An upper-leaning estimate of the tokens in a text, at least 1 for a text that is not empty."""
    wide = sum(1 for char in text if ord(char) > 0x2E7F)
    return math.ceil(wide / HANGUL_A_TOKEN + (len(text) - wide) / CHARACTERS_A_TOKEN)
