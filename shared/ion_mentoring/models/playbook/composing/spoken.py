"""The values of words to say."""

from dataclasses import dataclass
from typing import Literal

Act = Literal["request", "tells", "asks"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words in direct speech, as one says them formally and to somebody close, and the person they are for.

    `who` is the person's own name for whom they speak to, empty where they gave none.
    """

    act: Act
    formal: str
    close: str
    who: str
